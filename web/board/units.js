// Units as people write them, by their UN/CEFACT code (Recommendation 20). A code that does not
// stand here is shown as it is.
const SIGNS = {
    C62: "",
    GQ: "µg/m³",
    GP: "mg/m³",
    M1: "mg/L",
    CEL: "°C",
    KEL: "K",
    P1: "%",
    MTR: "m",
    MMT: "mm",
    CMT: "cm",
    KMT: "km",
    MTS: "m/s",
    KMH: "km/h",
    MQS: "m³/s",
    A97: "hPa",
    PAL: "Pa",
    DD: "°",
    59: "ppm",
    61: "ppb",
    KWH: "kWh",
    "2N": "dB",
};

export const unitSign = (code) => (code === undefined || code === null ? "" : (SIGNS[code] ?? code));
