-- Earthquakes worth telling people about: located well enough, graded, with the region that their place names.
SELECT
    id,
    make_timestamp("time" * 1000) AS happened,
    (updated - "time") / 1000 AS seconds_to_revision,
    mag,
    CASE
        WHEN mag >= 5 THEN 'moderate'
        WHEN mag >= 3 THEN 'light'
        WHEN mag >= 1.5 THEN 'minor'
        ELSE 'micro'
    END AS grade,
    trim(regexp_extract(place, '([^,]+)$', 1)) AS region,
    TRY_CAST(regexp_extract(place, '^([0-9]+)km', 1) AS INTEGER) AS km_from_place,
    depth < 70 AS shallow,
    coalesce(felt, 0) AS reports,
    longitude,
    latitude,
    net
FROM input
WHERE type = 'earthquake'
  AND mag IS NOT NULL
  AND coalesce(gap, 0) < 270
