// What does the HTTP adapter add to the library's own calls?
#include "fixtures.hpp"

#include <verso/http.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using bench::Fixture;

constexpr bench::FixtureSize size{.resources = 3000, .sync = bench::Sync::none, .purpose = "http"};

/// The adapter in front of a fixture, and the path of its connection.
struct Mounted {
    explicit Mounted(Fixture& fixture)
        : adapter(fixture.store, {.authenticator = [](const auto&) {
                      return verso::http::Principal{.is_member_of_all = true};
                  }}) {
        const auto snapshot = bench::expect(fixture.store.snapshot());
        const auto connection = bench::expect(snapshot.connection(fixture.connection));
        path = "/o/" + to_string(connection.organisation) + "/connections/" +
               to_string(fixture.connection);
    }
    void request(std::string_view method, const std::string& target, std::string_view body,
                 unsigned status) const {
        const auto response = adapter.handle({.method = method,
                                              .target = target,
                                              .headers = {{"Content-Type", "application/json"}},
                                              .body = body});
        if (response.status != status) {
            std::cerr << method << ' ' << target << ": " << response.body << '\n';
            std::exit(1);
        }
        benchmark::DoNotOptimize(response.body.data());
    }

    verso::http::Adapter adapter;
    std::string path;
};

void get_by_library(benchmark::State& state) {
    Fixture& fixture = bench::fixture(size);
    std::int64_t number = 0;
    for (auto _ : state) {
        const std::string name = bench::resource_name(number = (number + 997) % size.resources);
        const auto snapshot = bench::expect(fixture.store.snapshot());
        auto found =
            snapshot.describe_resource({fixture.connection, "base"}, verso::Kind::action, name);
        benchmark::DoNotOptimize(bench::expect(std::move(found)).resource.document.text().data());
    }
}

void get_by_adapter(benchmark::State& state) {
    const Mounted mounted(bench::fixture(size));
    std::int64_t number = 0;
    for (auto _ : state) {
        const std::string name = bench::resource_name(number = (number + 997) % size.resources);
        mounted.request("GET", mounted.path + "/versions/base/actions/" + name, {}, 200);
    }
}

void clone_by_library(benchmark::State& state) {
    Fixture& fixture = bench::fixture(size);
    static std::int64_t number = 0;
    for (auto _ : state)
        bench::expect(fixture.store.create_version(
            fixture.connection,
            {.name = "library-" + std::to_string(++number), .from_version = "base"}));
}

void clone_by_adapter(benchmark::State& state) {
    const Mounted mounted(bench::fixture(size));
    static std::int64_t number = 0;
    for (auto _ : state)
        mounted.request(
            "POST", mounted.path + "/versions",
            R"({"name":"adapter-)" + std::to_string(++number) + R"(","fromVersion":"base"})", 201);
}

BENCHMARK(get_by_library)->Name("http_get/library")->Iterations(2000)->UseRealTime();
BENCHMARK(get_by_adapter)->Name("http_get/adapter")->Iterations(2000)->UseRealTime();
BENCHMARK(clone_by_library)->Name("http_clone/library")->Iterations(500)->UseRealTime();
BENCHMARK(clone_by_adapter)->Name("http_clone/adapter")->Iterations(500)->UseRealTime();

}  // namespace
