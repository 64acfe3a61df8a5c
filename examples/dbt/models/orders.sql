select 1 as id, 'paid' as state
union all
select 2, 'open'
