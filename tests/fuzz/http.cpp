// The HTTP adapter: whatever comes in there is an answer, which is no fault of the service's. The
// first line is method and target, then come headers up to an empty line, then the body.
#include <verso/http.hpp>
#include <verso/maintenance.hpp>

#include "fuzz/fuzz.hpp"

using namespace verso;

namespace {

constexpr std::string_view organisation = "00000000-0000-4000-8000-000000000001";

/// A store behind an adapter, made anew now and then, lest it grow.
class Service {
public:
    static Service& now() {
        static Service service;
        static int requests = 0;
        if (++requests % 500 == 0) service = Service();
        return service;
    }
    http::Response ask(const http::Request& request) { return adapter_.handle(request); }

private:
    Service()
        : store_(Store::temporary().value()),
          adapter_(store_, {.authenticator = [](const auto&) {
                       return http::Principal{.is_member_of_all = true};
                   }}) {
        const auto id = parse_id<OrganisationId>(organisation).value();
        const auto made = store_.create_connection(
            id, {.name = "C", .id = parse_id<ConnectionId>(connection).value()});
        store_.create_version(made.value().id, {.name = "1"}).value();
    }

    static constexpr std::string_view connection = "00000000-0000-7000-8000-000000000002";

    Store store_;
    http::Adapter adapter_;
};

std::string request(std::string_view method, std::string_view path, std::string_view body,
                    std::string_view headers = "") {
    std::string text(method);
    text.append(" /o/").append(organisation).append("/connections").append(path).append("\n");
    text.append("Authorization: Bearer x\nContent-Type: application/json\n").append(headers);
    return text.append("\n").append(body);
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    const std::string one = "/00000000-0000-7000-8000-000000000002";
    const std::string version = one + "/versions/1";
    return {
        request("GET", "?first=5&filter=name%20eq%20x", ""),
        request("POST", "", R"({"name":"Other","properties":{"a":1}})"),
        request("POST", one + "/versions", R"({"name":"2","fromVersion":"1"})"),
        request("POST", one + "/versions:import", R"({"name":"3","document":{"openapi":"3.0.0"}})"),
        request("GET", one + "/versions?first=1&after=x", ""),
        request("PUT", version, R"({"description":"d"})", "If-Match: \"1\"\n"),
        request("POST", version + "/parameters",
                R"({"name":"p","in":"query","required":false,"type":"string"})",
                "Idempotency-Key: \"k\"\n"),
        request(
            "POST", version + "/actions",
            R"({"name":"A","type":"http","method":"GET","path":"/{{ param.p }}","parameters":[],)"
            R"("responses":[{"status":200}]})"),
        request(
            "POST", version + "/definitions",
            R"([{"name":"D","accept":["application/json"],"schema":{"contentType":"x","content":{}}}])"),
        request("GET", version + "/actions/A?commit=2", "", "If-None-Match: W/\"1\", *\n"),
        request("DELETE", version + "/parameters/p?force=true", ""),
        request("POST", version + "/merge", R"({"from":"2","dryRun":true,"policy":"ours"})"),
        request("GET", version + "/changes?from=2&patch=true", ""),
        request("GET", version + "/commits?first=2", ""),
        request("OPTIONS", one + "/lineage", "")};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::text_of(data, size);
    std::string_view first = take_line(rest);
    const std::size_t space = std::min(first.find(' '), first.size());
    http::Request request{.method = first.substr(0, space),
                          .target = first.substr(std::min(space + 1, first.size()))};
    for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        std::string_view value = line.substr(std::min(colon + 1, line.size()));
        while (value.starts_with(' ')) value.remove_prefix(1);
        request.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    }
    request.body = rest;
    const http::Response response = Service::now().ask(request);
    fuzz::require(response.status >= 200 && response.status < 500);
    return 0;
}
