-- Asks Latchkey whether a request may pass: `http-request lua.latchkey http://127.0.0.1:8080/authz`
--
-- Sets txn.latchkey_status, and the identity headers when it is 200. Whatever goes wrong leaves 403.

local identity = {
    "x-latchkey-user", "x-latchkey-user-id", "x-latchkey-user-type", "x-latchkey-role", "x-latchkey-teams",
    "x-latchkey-token-id", "x-latchkey-token-name", "x-latchkey-scopes",
}

local function first(headers, name)
    return headers and headers[name] and headers[name][0] or ""
end

core.register_action("latchkey", { "http-req" }, function(txn, url)
    txn:set_var("txn.latchkey_status", 403)
    txn:set_var("txn.latchkey_body", '{"title":"Not allowed","status":403,"detail":"The authority does not answer."}')

    local headers = {
        ["x-forwarded-method"] = { txn.sf:method() },
        ["x-forwarded-uri"] = { txn.sf:pathq() },
        ["x-forwarded-for"] = { txn.sf:src() },
    }
    local received = txn.http:req_get_headers()
    if received["authorization"] then
        local values = {}
        for place = 0, #received["authorization"] do
            values[place + 1] = received["authorization"][place]
        end
        headers["authorization"] = values
    end
    if received["user-agent"] then
        headers["user-agent"] = { received["user-agent"][0] }
    end

    -- Milliseconds of each try: HAProxy makes four before it gives up.
    local answer = core.httpclient():get({ url = url, headers = headers, timeout = 1250 })
    if not answer or (answer.status ~= 200 and answer.status ~= 401 and answer.status ~= 403) then
        return
    end
    for _, name in ipairs(identity) do
        txn.http:req_del_header(name)
        if answer.status == 200 then
            txn.http:req_add_header(name, first(answer.headers, name))
        end
    end
    txn:set_var("txn.latchkey_challenge", first(answer.headers, "www-authenticate"))
    txn:set_var("txn.latchkey_retry_after", first(answer.headers, "retry-after"))
    txn:set_var("txn.latchkey_body", answer.body or "")
    txn:set_var("txn.latchkey_status", answer.status)
end, 1)
