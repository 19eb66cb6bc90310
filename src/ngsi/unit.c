/* unit: see unit.h. Codes, names and symbols: UN/ECE Recommendation 20, revision 10, annexes I and
 * II. */
#include "ngsi/unit.h"

#include <assert.h>
#include <string.h>

#define NONE                                                                                       \
    { 0, 0 }

static const struct entity_unit units[] = {
    /* the base unit of each quantity comes first */
    {"C62", "one", "1", "ratio", 1, 1, NONE},
    {"P1", "percent", "%", "ratio", 1, 100, NONE},
    {"NX", "part per thousand", "‰", "ratio", 1, 1000, NONE},
    {"59", "part per million", "ppm", "ratio", 1, 1000000, NONE},
    {"61", "part per billion (US)", "ppb", "ratio", 1, 1000000000, NONE},

    {"KMQ", "kilogram per cubic metre", "kg/m³", "density", 1, 1, NONE},
    {"GL", "gram per litre", "g/l", "density", 1, 1, NONE},
    {"M1", "milligram per litre", "mg/l", "density", 1, 1000, NONE},
    {"GP", "milligram per cubic metre", "mg/m³", "density", 1, 1000000, NONE},
    {"GQ", "microgram per cubic metre", "µg/m³", "density", 1, 1000000000, NONE},

    {"KEL", "kelvin", "K", "temperature", 1, 1, NONE},
    {"CEL", "degree Celsius", "°C", "temperature", 1, 1, {27315, 2}},
    {"FAH", "degree Fahrenheit", "°F", "temperature", 5, 9, {45967, 2}},

    {"MTR", "metre", "m", "length", 1, 1, NONE},
    {"KMT", "kilometre", "km", "length", 1000, 1, NONE},
    {"CMT", "centimetre", "cm", "length", 1, 100, NONE},
    {"MMT", "millimetre", "mm", "length", 1, 1000, NONE},
    {"4H", "micrometre (micron)", "µm", "length", 1, 1000000, NONE},
    {"INH", "inch", "in", "length", 254, 10000, NONE},
    {"FOT", "foot", "ft", "length", 3048, 10000, NONE},
    {"SMI", "mile (statute mile)", "mile", "length", 1609344, 1000, NONE},

    {"MTS", "metre per second", "m/s", "speed", 1, 1, NONE},
    {"KMH", "kilometre per hour", "km/h", "speed", 1000, 3600, NONE},
    {"KNT", "knot", "kn", "speed", 1852, 3600, NONE},
    {"HM", "mile per hour (statute mile)", "mile/h", "speed", 1609344, 3600000, NONE},
    {"H67", "millimetre per hour", "mm/h", "speed", 1, 3600000, NONE},

    {"PAL", "pascal", "Pa", "pressure", 1, 1, NONE},
    {"A97", "hectopascal", "hPa", "pressure", 100, 1, NONE},
    {"MBR", "millibar", "mbar", "pressure", 100, 1, NONE},
    {"KPA", "kilopascal", "kPa", "pressure", 1000, 1, NONE},
    {"BAR", "bar [unit of pressure]", "bar", "pressure", 100000, 1, NONE},

    {"MQS", "cubic metre per second", "m³/s", "flow", 1, 1, NONE},
    {"MQH", "cubic metre per hour", "m³/h", "flow", 1, 3600, NONE},
    {"G51", "litre per second", "l/s", "flow", 1, 1000, NONE},

    {"D10", "siemens per metre", "S/m", "conductivity", 1, 1, NONE},
    {"H61", "millisiemens per centimetre", "mS/cm", "conductivity", 1, 10, NONE},
    {"G42", "microsiemens per centimetre", "µS/cm", "conductivity", 1, 10000, NONE},

    {"SEC", "second [unit of time]", "s", "time", 1, 1, NONE},
    {"C26", "millisecond", "ms", "time", 1, 1000, NONE},
    {"MIN", "minute [unit of time]", "min", "time", 60, 1, NONE},
    {"HUR", "hour", "h", "time", 3600, 1, NONE},
    {"DAY", "day", "d", "time", 86400, 1, NONE},

    {"KGM", "kilogram", "kg", "mass", 1, 1, NONE},
    {"GRM", "gram", "g", "mass", 1, 1000, NONE},
    {"MC", "microgram", "µg", "mass", 1, 1000000000, NONE},

    {"MTQ", "cubic metre", "m³", "volume", 1, 1, NONE},
    {"LTR", "litre", "l", "volume", 1, 1000, NONE},

    {"JOU", "joule", "J", "energy", 1, 1, NONE},
    {"KWH", "kilowatt hour", "kW·h", "energy", 3600000, 1, NONE},
    {"WTT", "watt", "W", "power", 1, 1, NONE},
    {"KWT", "kilowatt", "kW", "power", 1000, 1, NONE},

    {"MTK", "square metre", "m²", "area", 1, 1, NONE},
    {"VLT", "volt", "V", "voltage", 1, 1, NONE},
    {"AMP", "ampere", "A", "current", 1, 1, NONE},
    {"HTZ", "hertz", "Hz", "frequency", 1, 1, NONE},
    {"LUX", "lux", "lx", "illuminance", 1, 1, NONE},
    {"D54", "watt per square metre", "W/m²", "irradiance", 1, 1, NONE},
    {"DD", "degree [unit of angle]", "°", "angle", 1, 1, NONE},
    {"2N", "decibel", "dB", "level", 1, 1, NONE},
};

size_t entity_unit_count(void) {
    return sizeof units / sizeof units[0];
}

const struct entity_unit *entity_unit_at(size_t i) {
    assert(i < entity_unit_count());
    return &units[i];
}

const struct entity_unit *entity_unit_find(const char *code) {
    for (size_t i = 0; i < entity_unit_count(); i++) {
        if (strcmp(units[i].code, code) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

static bool convert(const struct entity_unit *from, const struct entity_unit *to,
                    struct fraction value, struct fraction *out) {
    struct fraction in;
    struct fraction by;
    return fraction_div(fraction_of(from->num), fraction_of(from->den), &in) &&
           fraction_div(fraction_of(to->num), fraction_of(to->den), &by) &&
           fraction_add(value, fraction_of_decimal(from->shift), out) &&
           fraction_mul(*out, in, out) && fraction_div(*out, by, out) &&
           fraction_sub(*out, fraction_of_decimal(to->shift), out);
}

enum code entity_unit_convert(const struct entity_unit *from, const struct entity_unit *to,
                              struct fraction value, struct fraction *out, struct err *err) {
    struct fraction got;
    if (strcmp(from->quantity, to->quantity) != 0) {
        return err_set(err, E_INPUT, "cannot convert %s (%s, a %s) to %s (%s, a %s)", from->code,
                       from->symbol, from->quantity, to->code, to->symbol, to->quantity);
    }
    if (!convert(from, to, value, &got)) {
        return err_set(err, E_LIMIT, "cannot convert %s to %s: the number is too large", from->code,
                       to->code);
    }
    *out = got;
    return OK;
}
