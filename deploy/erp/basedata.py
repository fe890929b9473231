#!/usr/bin/python3
"""basedata.py SETTINGS DATABASE PASSWORD_FILE: what a merchant has in Tryton before the first order comes.

A company with a chart of accounts, currencies, every country, a user for Waybill beside admin, and a few articles in stock.
Through Tryton's own API (proteus does the same by RPC, slower), in one transaction: all of it is there, or nothing.
"""
import datetime as dt
import sys
from decimal import Decimal

from trytond.config import config

settings, database, password_file = sys.argv[1:]
config.update_etc(settings)

from trytond.pool import Pool  # noqa: E402: it reads the settings when it is imported
from trytond.transaction import Transaction  # noqa: E402

# ISO 4217 code: decimals, and roughly what one euro buys.
CURRENCIES = {
    'EUR': (2, '1'), 'PLN': (2, '4.3'), 'CZK': (2, '25'), 'GBP': (2, '0.85'), 'HUF': (2, '400'), 'USD': (2, '1.1'),
    'RON': (2, '5'), 'SEK': (2, '11'), 'DKK': (2, '7.46'), 'CHF': (2, '0.95'), 'JPY': (0, '160'),
}
# Codes, weight in kg; each is in stock a million times.
ARTICLES = {'MUG-RED': 0.35, 'MUG-BLUE': 0.35, 'TEA-500G': 0.55}
IN_STOCK = 1_000_000


def currencies(pool):
    Currency = pool.get('currency.currency')
    since = dt.date(2020, 1, 1)
    return {c.code: c for c in Currency.create([{
        'name': code, 'code': code, 'symbol': code, 'digits': digits, 'rounding': Decimal(1).scaleb(-digits),
        'rates': [('create', [{'date': since, 'rate': Decimal(rate)}])],
    } for code, (digits, rate) in CURRENCIES.items()])}


def countries(pool):
    """Those of ISO 3166, as the time zone database lists them."""
    with open('/usr/share/zoneinfo/iso3166.tab', encoding='utf-8') as table:
        rows = [line.rstrip('\n').split('\t') for line in table if not line.startswith('#')]
    return {c.code: c for c in pool.get('country.country').create([{'code': code, 'name': name} for code, name in rows])}


def company(pool, currency, country):
    Party, Company = pool.get('party.party'), pool.get('company.company')
    party, = Party.create([{'name': 'Merchant', 'addresses': [('create', [
        {'street': 'Lagerstr. 1', 'postal_code': '53113', 'city': 'Bonn', 'country': country.id}])]}])
    made, = Company.create([{'party': party.id, 'currency': currency.id}])
    return made


def users(pool, company, password):
    """Waybill's user sells and ships, and administers nothing."""
    User, ModelData = pool.get('res.user'), pool.get('ir.model.data')
    mine = {'companies': [('add', [company.id])], 'company': company.id}
    User.write(User.search([('login', '=', 'admin')]), mine)
    groups = [ModelData.get_id(*name) for name in (('sale', 'group_sale'), ('stock', 'group_stock'))]
    User.create([dict(mine, name='Waybill', login='waybill', password=password, groups=[('add', groups)])])


def accounts(pool, company):
    """The minimal chart of accounts, by its wizard."""
    CreateChart = pool.get('account.create_chart', type='wizard')
    Account = pool.get('account.account')
    template, = pool.get('account.account.template').search([('parent', '=', None)])
    chart = CreateChart(CreateChart.create()[0])
    chart.account.account_template, chart.account.company = template, company
    chart.transition_create_account()
    of = {kind: Account.search([('company', '=', company.id), ('type.' + kind, '=', True)], limit=1)[0]
        for kind in ('receivable', 'payable', 'revenue', 'expense')}
    chart.properties.company = company
    chart.properties.account_receivable, chart.properties.account_payable = of['receivable'], of['payable']
    chart.properties.category_account_revenue, chart.properties.category_account_expense = of['revenue'], of['expense']
    chart.transition_create_properties()
    return of


def articles(pool, company, of):
    ModelData = pool.get('ir.model.data')
    unit, kilogram, centimetre = (ModelData.get_id('product', 'uom_' + u) for u in ('unit', 'kilogram', 'centimeter'))
    goods, = pool.get('product.category').create([{
        'name': 'Goods', 'accounting': True, 'account_revenue': of['revenue'].id, 'account_expense': of['expense'].id}])
    templates = pool.get('product.template').create([{
        'name': code, 'type': 'goods', 'default_uom': unit, 'sale_uom': unit, 'salable': True, 'list_price': Decimal('9.99'),
        'cost_price_method': 'fixed', 'account_category': goods.id, 'weight': weight, 'weight_uom': kilogram,
        'products': [('create', [{'suffix_code': code, 'cost_price': Decimal('3')}])],
    } for code, weight in ARTICLES.items()])
    pool.get('stock.package.type').create([{
        'name': 'Carton', 'packaging_weight': 0.2, 'packaging_weight_uom': kilogram,
        'length': 30, 'width': 20, 'height': 10, 'length_uom': centimetre, 'width_uom': centimetre, 'height_uom': centimetre}])
    Inventory = pool.get('stock.inventory')
    counted = Inventory.create([{
        'location': ModelData.get_id('stock', 'location_storage'), 'company': company.id, 'date': dt.date.today(),
        'lines': [('create', [{'product': t.products[0].id, 'quantity': IN_STOCK} for t in templates])]}])
    Inventory.confirm(counted)


def fill(password):
    pool = Pool()
    money, places = currencies(pool), countries(pool)
    ours = company(pool, money['EUR'], places['DE'])
    users(pool, ours, password)
    with Transaction().set_context(company=ours.id):
        articles(pool, ours, accounts(pool, ours))


with open(password_file, encoding='utf-8') as file:
    secret = file.read().strip()
Pool(database).init()
with Transaction().start(database, 1) as transaction:
    fill(secret)
    transaction.commit()
