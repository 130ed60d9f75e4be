-- Clicks as analysts want them: crawlers and heartbeats left out, page and agent taken apart, money in cents.
SELECT
    event_id,
    ts,
    date_trunc('minute', ts) AS minute,
    user_id,
    session_id,
    regexp_extract(page, '^/([a-z]+)', 1) AS section,
    TRY_CAST(nullif(regexp_extract(page, '/([0-9]+)', 1), '') AS INTEGER) AS item,
    coalesce(nullif(regexp_extract(page, '[?&]utm_source=([^&]*)', 1), ''), 'direct') AS source,
    lower(split_part(agent, '/', 1)) AS device,
    country,
    action,
    CAST(round(price * 100) AS INTEGER) AS price_cents,
    CASE
        WHEN duration_ms < 1000 THEN 'glance'
        WHEN duration_ms < 10000 THEN 'look'
        ELSE 'read'
    END AS attention,
    duration_ms
FROM input
WHERE action <> 'heartbeat'
  AND NOT regexp_matches(agent, '(?i)bot|crawler|preview')
