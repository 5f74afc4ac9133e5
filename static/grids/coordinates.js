// WGS-84 ↔ what the base map shows. Same formula as gridparty/lib/coordinates.py; used only for a
// base map drawn in GCJ-02. window.groundCoordinates(gcj) → {shown(lonlat), stored(latlng)}
(function () {
  "use strict";
  var AXIS = 6378245.0, ECCENTRICITY = 0.00669342162296594323, PI = Math.PI, sin = Math.sin;

  function toGcj(lon, lat) {
    var x = lon - 105, y = lat - 35, root = 0.1 * Math.sqrt(Math.abs(x));
    var wave = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI);
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root;
    north += (wave + 20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3;
    north += (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root;
    east += (wave + 20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3;
    east += (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
    var slope = sin(lat * PI / 180), curve = 1 - ECCENTRICITY * slope * slope, bend = Math.sqrt(curve);
    return [
      lon + east * 180 / (AXIS / bend * Math.cos(lat * PI / 180) * PI),
      lat + north * 180 / (AXIS * (1 - ECCENTRICITY) / (curve * bend) * PI),
    ];
  }

  function fromGcj(lon, lat) {
    var guess = [lon, lat];
    for (var round = 0; round < 6; round += 1) {
      var seen = toGcj(guess[0], guess[1]);
      guess = [guess[0] + lon - seen[0], guess[1] + lat - seen[1]];
    }
    return guess;
  }

  function rounded(point) {
    return [Number(point[0].toFixed(7)), Number(point[1].toFixed(7))];
  }

  window.groundCoordinates = function (gcj) {
    return {
      shown: function (point) {
        var place = gcj ? toGcj(point[0], point[1]) : point;
        return L.latLng(place[1], place[0]);
      },
      stored: function (place) {
        return rounded(gcj ? fromGcj(place.lng, place.lat) : [place.lng, place.lat]);
      },
    };
  };
})();
