#include "http/routes.hpp"

#include "http/handlers.hpp"

#include <array>

namespace verso::http {

namespace {

constexpr bool json = true;

constexpr std::array connections{
    Endpoint{"GET", list_connections, Parameters::paging},
    Endpoint{"POST", create_connection, Parameters::none, json},
};
constexpr std::array connection{
    Endpoint{"GET", read_connection},
    Endpoint{"PUT", update_connection, Parameters::none, json},
    Endpoint{"DELETE", delete_connection, Parameters::force},
};
constexpr std::array versions{
    Endpoint{"GET", list_versions, Parameters::paging},
    Endpoint{"POST", create_version, Parameters::none, json},
};
constexpr std::array import{Endpoint{"POST", import_version, Parameters::none, json}};
constexpr std::array version{
    Endpoint{"GET", read_version},
    Endpoint{"PUT", update_version, Parameters::none, json},
    Endpoint{"DELETE", delete_version, Parameters::force},
};
constexpr std::array publish{Endpoint{"POST", publish_version}};
constexpr std::array unpublish{Endpoint{"POST", unpublish_version}};
constexpr std::array lineage{Endpoint{"GET", read_lineage}};
constexpr std::array commits{Endpoint{"GET", list_commits, Parameters::paging}};
constexpr std::array changes{Endpoint{"GET", list_changes, Parameters::changes}};
constexpr std::array merge{Endpoint{"POST", merge_version, Parameters::none, json}};
constexpr std::array resources{
    Endpoint{"GET", list_resources, Parameters::paging_by_name},
    Endpoint{"POST", create_resource, Parameters::none, json},
};
constexpr std::array resource{
    Endpoint{"GET", read_resource, Parameters::commit},
    Endpoint{"PUT", replace_resource, Parameters::none, json},
    Endpoint{"DELETE", delete_resource},
};
/// Of the kinds that others refer to.
constexpr std::array referable{
    Endpoint{"GET", read_resource, Parameters::commit},
    Endpoint{"PUT", replace_resource, Parameters::none, json},
    Endpoint{"DELETE", delete_resource, Parameters::force},
};
constexpr std::array definitions{
    Endpoint{"GET", list_resources, Parameters::paging_by_name},
    Endpoint{"POST", create_definitions, Parameters::none, json},
    Endpoint{"DELETE", delete_definitions, Parameters::force, json},
};

constexpr std::array routes{
    Route{"connections", connections},
    Route{"connections/{}", connection},
    Route{"connections/{}/lineage", lineage},
    Route{"connections/{}/versions", versions},
    Route{"connections/{}/versions:import", import},
    Route{"connections/{}/versions/{}", version},
    Route{"connections/{}/versions/{}/publish", publish},
    Route{"connections/{}/versions/{}/unpublish", unpublish},
    Route{"connections/{}/versions/{}/commits", commits},
    Route{"connections/{}/versions/{}/changes", changes},
    Route{"connections/{}/versions/{}/merge", merge},
    Route{"connections/{}/versions/{}/actions", resources, Kind::action},
    Route{"connections/{}/versions/{}/actions/{}", resource, Kind::action},
    Route{"connections/{}/versions/{}/triggers", resources, Kind::trigger},
    Route{"connections/{}/versions/{}/triggers/{}", resource, Kind::trigger},
    Route{"connections/{}/versions/{}/parameters", resources, Kind::parameter},
    Route{"connections/{}/versions/{}/parameters/{}", referable, Kind::parameter},
    Route{"connections/{}/versions/{}/definitions", definitions, Kind::definition},
    Route{"connections/{}/versions/{}/definitions/{}", referable, Kind::definition},
};

bool matches(std::string_view pattern, std::span<const std::string> segments) noexcept {
    for (const std::string& segment : segments) {
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        if (segment.empty() || (wanted != "{}" && wanted != segment)) return false;
        pattern.remove_prefix(wanted.size());
        if (!pattern.empty()) pattern.remove_prefix(1);
    }
    return pattern.empty();
}

}  // namespace

const Endpoint* Route::find(std::string_view method) const noexcept {
    if (method == "HEAD") method = "GET";
    for (const Endpoint& endpoint : endpoints)
        if (endpoint.method == method) return &endpoint;
    return nullptr;
}

std::string Route::allow() const {
    std::string methods;
    for (const Endpoint& endpoint : endpoints) {
        methods += endpoint.method;
        methods += endpoint.method == "GET" ? ", HEAD, " : ", ";
    }
    return methods + "OPTIONS";
}

const Route* find_route(std::span<const std::string> segments) noexcept {
    if (segments.empty()) return nullptr;
    for (const Route& route : routes)
        if (matches(route.pattern, segments)) return &route;
    return nullptr;
}

}  // namespace verso::http
