// Histories as a client meets them: ETSI GS CIM 009 v1.8.1 below /ngsi-ld/v1/temporal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from './lib/server.mjs';

const V1 = '/ngsi-ld/v1';
const T = `${V1}/temporal/entities`;
const QUERY = `${V1}/temporal/entityOperations/query`;
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
const BUS = 'urn:ngsi-ld:Vehicle:bus-1';
const TRUCK = 'urn:ngsi-ld:Vehicle:truck-1';
const day = (clock) => `2020-08-01T${clock}Z`;
const seen = (value, clock, more = {}) => ({ type: 'Property', value, observedAt: day(clock), ...more });
const bus = (id = BUS) => ({
    id,
    type: 'Vehicle',
    speed: [seen(120, '12:03:00'), seen(80, '12:05:00'), seen(100, '12:07:00')],
    fuelLevel: [seen(67.0, '12:03:00'), seen(53, '13:05:00'), seen(40, '14:07:00')],
});

let server;
let c;

before(async () => {
    server = await Server.start();
    const admin = await server.administrator();
    c = await server.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
    await c.expect(201, 'POST', T, bus());
});

after(() => server?.close());

const get = async (rest = '', id = BUS, status = 200) => (await c.expect(status, 'GET', `${T}/${id}${rest}`)).body;
const list = async (rest, status = 200) => (await c.expect(status, 'GET', `${T}?${rest}`)).body;
const refused = async (status, type, method, path, body) => {
    const answer = await c.expect(status, method, path, body);
    assert.equal(answer.body.type, ERRORS + type, JSON.stringify(answer.body));
    return answer.body.detail;
};
const bare = (instances) => instances.map(({ instanceId, ...rest }) => {
    assert.match(instanceId, /^urn:ngsi-ld:Instance:/);
    return rest;
});
const moments = (instances) => instances.map((i) => i.observedAt.slice(11, 19));

test('a history is there as it was sent, and the entity is not', async () => {
    const h = await get();
    assert.equal(h.type, 'Vehicle');
    assert.deepEqual(bare(h.speed), bus().speed);
    assert.deepEqual(bare(h.fuelLevel), bus().fuelLevel);
    await c.expect(404, 'GET', `${V1}/entities/${BUS}`);
    const made = await c.expect(201, 'POST', T, { id: TRUCK, type: 'Truck', speed: seen(1, '00:00:00') });
    assert.equal(made.headers.get('location'), `${T}/${TRUCK}`);
    assert.equal(made.body.length, 0);
    await c.expect(204, 'POST', T, { id: TRUCK, type: ['Truck', 'Vehicle'], speed: [seen('urn:ngsi-ld:null', '00:01:00')] });
    const truck = await get('', TRUCK);
    assert.deepEqual(truck.type.sort(), ['Truck', 'Vehicle']);
    assert.deepEqual(truck.speed.map((i) => i.value), [1, 'urn:ngsi-ld:null']);
    await c.expect(204, 'DELETE', `${T}/${TRUCK}`);
});

test('what the entity had with a moment is its history, also when it is deleted', async () => {
    const id = 'urn:ngsi-ld:AirQualityObserved:1';
    const at = (h) => `2026-03-01T0${h}:00:00Z`;
    await c.expect(201, 'POST', `${V1}/entities`, {
        id, type: 'AirQualityObserved', name: { type: 'Property', value: '太湖' },
        pm25: { type: 'Property', value: 35.50, unitCode: 'GQ', observedAt: at(1), accuracy: { type: 'Property', value: 0.1 } },
    });
    await c.expect(204, 'PATCH', `${V1}/entities/${id}/attrs/pm25`, { value: 40, observedAt: at(2) });
    await c.expect(204, 'DELETE', `${V1}/entities/${id}`);
    const h = await get('', id);
    assert.deepEqual(bare(h.pm25), [
        { type: 'Property', value: 35.5, unitCode: 'GQ', observedAt: at(1), accuracy: { type: 'Property', value: 0.1 } },
        { type: 'Property', value: 40, unitCode: 'GQ', observedAt: at(2), accuracy: { type: 'Property', value: 0.1 } },
    ]);
    assert.equal(h.name, undefined);
    const found = await list(`type=AirQualityObserved&timerel=after&timeAt=${at(2)}`);
    assert.deepEqual(found.map((e) => [e.id, e.pm25.length]), [[id, 1]]);
    await c.expect(204, 'DELETE', `${T}/${id}`);
    await refused(404, 'ResourceNotFound', 'GET', `${T}/${id}`);
});

test('timerel takes its first moment and not its last', async () => {
    const speeds = async (rest) => moments((await get(`?attrs=speed&${rest}`)).speed);
    assert.deepEqual(await speeds(`timerel=after&timeAt=${day('12:05:00')}`), ['12:05:00', '12:07:00']);
    assert.deepEqual(await speeds(`timerel=after&timeAt=${day('12:05:00.000')}`), ['12:05:00', '12:07:00']);
    assert.deepEqual(await speeds(`timerel=before&timeAt=${day('12:05:00')}`), ['12:03:00']);
    assert.deepEqual(await speeds(`timerel=between&timeAt=${day('12:03:00')}&endTimeAt=${day('12:05:00')}`), ['12:03:00']);
    assert.deepEqual(Object.keys(await get(`?timerel=after&timeAt=2021-01-01T00:00:00Z`)), ['id', 'type']);
});

test('a stretch that is none is refused in words', async () => {
    const no = (rest) => refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?${rest}`);
    assert.match(await no('timerel=during&timeAt=2020-08-01T00:00:00Z'), /"during"/);
    assert.match(await no('timerel=after'), /without timeAt/);
    assert.match(await no('timerel=between&timeAt=2020-08-01T00:00:00Z'), /without endTimeAt/);
    assert.match(await no('timerel=after&timeAt=2020-08-01'), /timeAt/);
    assert.match(await no('lastN=0'), /lastN/);
    assert.match(await no('lastN=2.5'), /lastN/);
    assert.match(await no('timeproperty=expiresAt'), /expiresAt/);
    assert.match(await refused(400, 'InvalidRequest', 'GET', `${T}/${BUS}?options=temporalValues,nonsense`), /nonsense/);
    await refused(422, 'OperationNotSupported', 'GET', `${T}/${BUS}?timeproperty=modifiedAt`);
    await refused(400, 'InvalidRequest', 'GET', `${V1}/entities/${BUS}?options=temporalValues`);
});

test('the last N are those of each attribute, oldest first', async () => {
    const h = await get('?lastN=2');
    assert.deepEqual(moments(h.speed), ['12:05:00', '12:07:00']);
    assert.deepEqual(moments(h.fuelLevel), ['13:05:00', '14:07:00']);
    assert.deepEqual(moments((await get(`?attrs=fuelLevel&lastN=1&timerel=before&timeAt=${day('14:07:00')}`)).fuelLevel), ['13:05:00']);
    assert.deepEqual(moments((await get('?attrs=speed&lastN=99')).speed), ['12:03:00', '12:05:00', '12:07:00']);
});

test('values are pairs, for a chart', async () => {
    assert.deepEqual(await get('?attrs=speed&lastN=500&options=temporalValues'), {
        id: BUS, type: 'Vehicle',
        speed: { type: 'Property', values: [[120, day('12:03:00')], [80, day('12:05:00')], [100, day('12:07:00')]] },
    });
    assert.deepEqual(await get('?attrs=speed&lastN=1&format=temporalValues&options=aggregatedValues'), {
        id: BUS, type: 'Vehicle', speed: { type: 'Property', values: [[100, day('12:07:00')]] },
    });
    assert.deepEqual(bare((await get('?attrs=speed&lastN=1&options=concise')).speed), [{ value: 100, observedAt: day('12:07:00') }]);
});

test('periods begin at the first instance, or where the stretch does', async () => {
    const tally = async (rest) => (await get(`?options=aggregatedValues&${rest}`));
    const hour = (h) => [day(`${h}:03:00`), day(`${h + 1}:03:00`)];
    assert.deepEqual(await tally('aggrMethods=avg,max&aggrPeriodDuration=PT1H'), {
        id: BUS, type: 'Vehicle',
        speed: { type: 'Property', avg: [[100, ...hour(12)]], max: [[120, ...hour(12)]] },
        fuelLevel: {
            type: 'Property', avg: [[67, ...hour(12)], [53, ...hour(13)], [40, ...hour(14)]],
            max: [[67, ...hour(12)], [53, ...hour(13)], [40, ...hour(14)]],
        },
    });
    const whole = [day('12:00:00'), day('15:00:00')];
    assert.deepEqual((await tally(`attrs=fuelLevel&aggrMethods=totalCount,distinctCount,sum,avg,min,max,stddev,sumsq&aggrPeriodDuration=PT0S&timerel=between&timeAt=${whole[0]}&endTimeAt=${whole[1]}`)).fuelLevel, {
        type: 'Property', totalCount: [[3, ...whole]], distinctCount: [[3, ...whole]], sum: [[160, ...whole]],
        // 160 / 3; the root of (67² + 53² + 40² - 160² / 3) / 2 = 182 1/3
        avg: [[53.33333333333333, ...whole]], min: [[40, ...whole]], max: [[67, ...whole]],
        stddev: [[13.50308606701940, ...whole]], sumsq: [[8898, ...whole]],
    });
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?options=aggregatedValues`), /aggrMethods/);
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?options=aggregatedValues&aggrMethods=median`), /median/);
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?options=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1H`), /1H/);
    assert.deepEqual((await tally('attrs=fuelLevel&lastN=2&aggrMethods=sum&aggrPeriodDuration=P1D')).fuelLevel.sum.map((s) => s[0]), [93]);
});

test('datasets are told apart', async () => {
    const id = 'urn:ngsi-ld:Bridge:1';
    const of = (dataset) => ({ datasetId: `urn:ngsi-ld:Dataset:${dataset}` });
    await c.expect(201, 'POST', T, {
        id, type: 'Bridge',
        speed: [seen(120, '12:03:00'), seen(80, '12:05:00', of('Common')), seen(90, '13:05:00', of('Common')), seen(60, '12:05:00', of('Speed'))],
        fuelLevel: [seen(67, '12:03:00'), seen(53, '13:05:00', of('Common'))],
    });
    const of_dataset = async (rest) => (await list(`type=Bridge&timerel=after&timeAt=${day('00:00:00')}&options=temporalValues&${rest}`))[0];
    const common = { type: 'Property', datasetId: 'urn:ngsi-ld:Dataset:Common', values: [[80, day('12:05:00')], [90, day('13:05:00')]] };
    assert.deepEqual((await of_dataset('datasetId=urn:ngsi-ld:Dataset:Common')).speed, common);
    assert.deepEqual(await of_dataset('datasetId=@none&attrs=speed'), { id, type: 'Bridge', speed: { type: 'Property', values: [[120, day('12:03:00')]] } });
    const two = await of_dataset('datasetId=urn:ngsi-ld:Dataset:Common,urn:ngsi-ld:Dataset:Speed');
    assert.deepEqual(two.speed.map((s) => s.values.length).sort(), [1, 2]);
    assert.equal(two.fuelLevel.values.length, 1);
    assert.equal(await of_dataset('datasetId=urn:ngsi-ld:Dataset:None'), undefined);
    await c.expect(204, 'DELETE', `${T}/${id}/attrs/speed?datasetId=urn:ngsi-ld:Dataset:Common`);
    assert.equal((await get('', id)).speed.length, 2);
    await c.expect(204, 'DELETE', `${T}/${id}/attrs/fuelLevel`);
    assert.deepEqual((await get('', id)).fuelLevel.map((i) => i.value), [53]);
    await c.expect(204, 'DELETE', `${T}/${id}/attrs/speed?deleteAll=true`);
    assert.equal((await get('', id)).speed, undefined);
    await refused(404, 'ResourceNotFound', 'DELETE', `${T}/${id}/attrs/speed?deleteAll=true`);
    await c.expect(204, 'DELETE', `${T}/${id}`);
});

test('every kind has its form', async () => {
    const id = 'urn:ngsi-ld:Kinds:1';
    const at = { observedAt: day('10:00:00') };
    await c.expect(201, 'POST', T, {
        id, type: 'Kinds',
        place: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.3, 31.57] }, ...at },
        ref: { type: 'Relationship', object: 'urn:ngsi-ld:Device:1', ...at },
        open: { type: 'Property', value: true, ...at },
    });
    const h = await get('?options=temporalValues', id);
    assert.deepEqual(h.place, { type: 'GeoProperty', values: [[{ type: 'Point', coordinates: [120.3, 31.57] }, at.observedAt]] });
    assert.deepEqual(h.ref, { type: 'Relationship', objects: [['urn:ngsi-ld:Device:1', at.observedAt]] });
    assert.deepEqual(h.open.values[0][0], true);
    assert.equal((await get('', id)).ref[0].object, 'urn:ngsi-ld:Device:1');
    await c.expect(204, 'DELETE', `${T}/${id}`);
});

test('instances are corrected and deleted by their ids', async () => {
    const id = 'urn:ngsi-ld:Vehicle:patched';
    await c.expect(201, 'POST', T, { ...bus(id), type: 'Patched' });
    const path = async () => `${T}/${id}/attrs/speed/${(await get('', id)).speed[0].instanceId}`;
    const first = await path();
    await c.expect(204, 'PATCH', first, { type: 'Property', value: 129, observedAt: day('12:03:00') });
    await c.expect(204, 'PATCH', first, { unitCode: 'KMH', accuracy: { type: 'Property', value: 1 } });
    assert.equal(await path(), first);
    assert.deepEqual(bare((await get('', id)).speed)[0], { type: 'Property', value: 129, unitCode: 'KMH', observedAt: day('12:03:00'), accuracy: { type: 'Property', value: 1 } });
    assert.match(await refused(400, 'BadRequestData', 'PATCH', first, { observedAt: day('12:04:00') }), /observedAt/);
    assert.match(await refused(400, 'BadRequestData', 'PATCH', first, { type: 'Relationship', object: 'urn:a:b' }), /kind/);
    await refused(400, 'BadRequestData', 'PATCH', `${T}/${id}/attrs/speed/none`, { value: 1 });
    await refused(404, 'ResourceNotFound', 'PATCH', `${T}/${id}/attrs/speed/urn:ngsi-ld:none`, { value: 1 });
    await refused(404, 'ResourceNotFound', 'PATCH', first.replace('/speed/', '/fuelLevel/'), { value: 1 });
    await refused(404, 'ResourceNotFound', 'DELETE', first.replace(id, BUS));
    await c.expect(204, 'DELETE', first);
    await refused(404, 'ResourceNotFound', 'DELETE', first);
    assert.deepEqual(moments((await get('', id)).speed), ['12:05:00', '12:07:00']);
    await c.expect(204, 'POST', `${T}/${id}/attrs`, { heading: [seen(1, '01:00:00')] });
    assert.equal((await get('', id)).heading.length, 1);
    await refused(404, 'ResourceNotFound', 'POST', `${T}/urn:x:none/attrs`, { heading: [seen(1, '01:00:00')] });
    await c.expect(204, 'DELETE', `${T}/${id}`);
    await refused(404, 'ResourceNotFound', 'DELETE', `${T}/${id}`);
});

test('what is no history is refused, and nothing is kept', async () => {
    const id = 'urn:ngsi-ld:Vehicle:bad';
    const no = async (body) => refused(400, 'BadRequestData', 'POST', T, { id, type: 'Vehicle', ...body });
    assert.match(await no({ speed: { type: 'Property', value: 1 } }), /observedAt/);
    assert.match(await no({ speed: [seen(1, '01:00:00'), 2] }), /speed: cannot take an instance/);
    assert.match(await no({ expiresAt: 'urn:ngsi-ld:null' }), /expiresAt/);
    assert.match(await no({ scope: '/a', speed: seen(1, '01:00:00') }), /scope/);
    assert.match(await no({ speed: [{ type: 'Property', observedAt: day('01:00:00') }] }), /value/);
    assert.match(await no({ '@context': CORE }), /@context/);
    await refused(400, 'BadRequestData', 'POST', T, { type: 'Vehicle', speed: seen(1, '01:00:00') });
    await refused(404, 'ResourceNotFound', 'GET', `${T}/${id}`);
    await refused(400, 'BadRequestData', 'GET', `${T}/nouri`);
    await refused(404, 'ResourceNotFound', 'GET', `${T}/${BUS}?attrs=none`);
});

test('queries: which entities, and the least that must be said', async () => {
    const when = `timerel=after&timeAt=${day('12:04:00')}`;
    for (const type of ['Quick', 'Slow']) {
        const speed = type === 'Quick' ? 30 : 10;
        await c.expect(201, 'POST', T, {
            id: `urn:ngsi-ld:${type}:1`, type, speed: [seen(90, '12:00:00'), seen(speed, '12:30:00')],
            location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [120.3, type === 'Quick' ? 31.57 : 30] }, observedAt: day('12:30:00') },
        });
    }
    const ids = async (rest, status) => (await list(`${when}&${rest}`, status)).map((e) => e.id);
    assert.deepEqual(await ids('type=Quick,Slow'), ['urn:ngsi-ld:Quick:1', 'urn:ngsi-ld:Slow:1']);
    assert.deepEqual(await ids('type=Quick,Slow&q=speed>25'), ['urn:ngsi-ld:Quick:1']);
    assert.deepEqual(await ids('type=Quick;Slow'), []);
    assert.deepEqual(await ids('type=Quick,Slow&orderBy=id;desc'), ['urn:ngsi-ld:Slow:1', 'urn:ngsi-ld:Quick:1']);
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}?${when}&type=Quick&orderBy=name`), /by id/);
    assert.deepEqual(await ids('type=Quick,Slow&idPattern=Slow'), ['urn:ngsi-ld:Slow:1']);
    assert.deepEqual(await ids('type=Quick,Slow&id=urn:ngsi-ld:Slow:1'), ['urn:ngsi-ld:Slow:1']);
    assert.deepEqual(await ids('type=Quick,Slow&georel=near;maxDistance==2000&geometry=Point&coordinates=[120.3,31.57]'), ['urn:ngsi-ld:Quick:1']);
    assert.deepEqual(await ids('attrs=location'), ['urn:ngsi-ld:Quick:1', 'urn:ngsi-ld:Slow:1']);
    assert.deepEqual(await ids('type=Quick,Slow&limit=1&offset=1'), ['urn:ngsi-ld:Slow:1']);
    const counted = await c.expect(200, 'GET', `${T}?${when}&type=Quick,Slow&limit=1&count=true`);
    assert.equal(counted.headers.get('ngsild-results-count'), '2');
    assert.match(counted.headers.get('link'), /offset=1&.*rel="next"/);
    assert.equal((await list(`${when}&type=Quick`))[0].speed.length, 1);
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}?${when}&id=${BUS}`), /say which/);
    assert.match(await refused(400, 'BadRequestData', 'GET', `${T}?type=Quick`), /say when/);
    assert.ok((await ids('local=true')).includes(BUS));

    const ask = async (body, status = 200) => (await c.expect(status, 'POST', QUERY, { type: 'Query', ...body })).body;
    const temporalQ = { timerel: 'after', timeAt: day('12:04:00') };
    assert.deepEqual((await ask({ entities: [{ type: 'Quick' }, { type: 'Slow', idPattern: 'none' }], temporalQ })).map((e) => e.id), ['urn:ngsi-ld:Quick:1']);
    assert.deepEqual((await ask({ entities: [{ type: 'Quick' }, { type: 'Slow' }], q: 'speed<20', temporalQ })).map((e) => e.id), ['urn:ngsi-ld:Slow:1']);
    const near = { georel: 'near;maxDistance==2000', geometry: 'Point', coordinates: [120.3, 31.57] };
    assert.equal((await ask({ entities: [{ type: 'Quick,Slow' }], geoQ: near, temporalQ })).length, 1);
    assert.equal((await ask({ entities: [{ type: 'Quick' }], temporalQ: { ...temporalQ, lastN: 1 } }))[0].speed.length, 1);
    const tally = await ask({ entities: [{ type: 'Quick' }], attrs: ['speed'], temporalQ, aggrParams: { aggrMethods: ['avg'], aggrPeriodDuration: 'P1D' } });
    assert.deepEqual(tally[0].speed.avg, [[30, day('12:04:00'), '2020-08-02T12:04:00Z']]);
    assert.match((await ask({ entities: [{ type: 'Quick' }], temporalQ: { ...temporalQ, lastN: 0 } }, 400)).detail, /lastN/);
    await ask({ temporalQ }, 400);
    await ask({ entities: [{ type: 'Quick' }] }, 400);
    await refused(400, 'BadRequestData', 'POST', QUERY, { type: 'Else', temporalQ });
    for (const type of ['Quick', 'Slow']) {
        await c.expect(204, 'DELETE', `${T}/urn:ngsi-ld:${type}:1`);
    }
});

test('members are picked and omitted', async () => {
    assert.deepEqual(Object.keys(await get('?pick=speed')), ['speed']);
    assert.deepEqual(Object.keys(await get('?pick=id,speed')), ['id', 'speed']);
    assert.deepEqual(Object.keys(await get('?omit=type,speed')), ['id', 'fuelLevel']);
    await refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?pick=speed&omit=speed`);
    await refused(400, 'BadRequestData', 'GET', `${T}/${BUS}?pick=speed&attrs=speed`);
    await refused(404, 'ResourceNotFound', 'GET', `${T}/${BUS}?pick=unknown`);
    await refused(404, 'ResourceNotFound', 'GET', `${T}/${BUS}?omit=id,type,speed,fuelLevel`);
});

test('an answer that is too long ends at a moment, and says so', async () => {
    const id = 'urn:ngsi-ld:Meter:1';
    const at = (i) => new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().replace('.000Z', 'Z');
    const all = 21000;
    for (let from = 0; from < all; from += 7000) {
        await c.expect(from === 0 ? 201 : 204, 'POST', T, {
            id, type: 'Meter', v: Array.from({ length: 7000 }, (_, i) => ({ value: from + i, observedAt: at(from + i) })),
        });
    }
    const first = await c.expect(206, 'GET', `${T}/${id}?options=temporalValues`);
    assert.equal(first.body.v.values.length, 20000);
    assert.equal(first.headers.get('content-range'), `date-time ${at(0)}-${at(19999)}/*`);
    const rest = await c.expect(200, 'GET', `${T}/${id}?options=temporalValues&timerel=after&timeAt=${at(19999)}`);
    assert.deepEqual(rest.body.v.values.map((v) => v[0]), Array.from({ length: 1001 }, (_, i) => 19999 + i));
    const back = await c.expect(206, 'GET', `${T}/${id}?options=temporalValues&lastN=20500&timerel=before&timeAt=${at(all)}`);
    assert.equal(back.headers.get('content-range'), `date-time ${at(all)}-${at(1000)}/20500`);
    assert.equal(back.body.v.values[0][0], 1000);
    const query = await c.expect(206, 'GET', `${T}?type=Meter&timerel=after&timeAt=${at(5)}&options=temporalValues`);
    assert.equal(query.headers.get('content-range'), `date-time ${at(5)}-${at(20004)}/*`);
    const sum = await c.expect(200, 'GET', `${T}/${id}?options=aggregatedValues&aggrMethods=sum,totalCount`);
    assert.deepEqual([sum.body.v.sum[0][0], sum.body.v.totalCount[0][0]], [(all - 1) * all / 2, all]);
    await c.expect(204, 'DELETE', `${T}/${id}`);
});

test('quality stands beside instances where it is asked for', async () => {
    const id = 'urn:ngsi-ld:AirQualityObserved:judged';
    const pm25 = (value, hour) => ({ type: 'Property', value, unitCode: 'GQ', observedAt: `2026-03-01T0${hour}:00:00Z` });
    await c.expect(201, 'POST', `${V1}/entities`, { id, type: 'AirQualityObserved', pm25: pm25(35, 1) });
    await c.expect(204, 'POST', `${V1}/entities/${id}/attrs`, { pm25: pm25(36, 2) });
    const plain = (await get('?attrs=pm25', id)).pm25;
    assert.deepEqual(plain.map((i) => i.qartod), [undefined, undefined]);
    const judged = (await get('?attrs=pm25&options=quality', id)).pm25;
    assert.deepEqual(judged.map((i) => i.qartod?.type), ['Property', 'Property']);
    assert.equal(judged[0].qartod.value.gross, 1);
    await c.expect(204, 'DELETE', `${V1}/entities/${id}`);
    await c.expect(204, 'DELETE', `${T}/${id}`);
});

test('how long a page is may be said', async () => {
    const small = await Server.start({ args: ['--history-page', '4'] });
    try {
        const admin = await small.administrator();
        const one = await small.account(admin, { login: 'planner', name: '计划', role: 'planner', organisation: 'wuxi.development' });
        await one.expect(201, 'POST', T, bus());
        const cut = await one.expect(206, 'GET', `${T}/${BUS}`);
        assert.equal(cut.headers.get('content-range'), `date-time ${day('12:03:00')}-${day('12:07:00')}/*`);
        assert.deepEqual([cut.body.speed.length, cut.body.fuelLevel.length], [3, 1]);
        const back = await one.expect(206, 'GET', `${T}/${BUS}?lastN=3`);
        assert.deepEqual([moments(back.body.speed), moments(back.body.fuelLevel)], [['12:05:00', '12:07:00'], ['13:05:00', '14:07:00']]);
    } finally {
        await small.close();
    }
});
