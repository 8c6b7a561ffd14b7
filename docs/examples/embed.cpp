// A host that keeps versions of an API in its own process: it describes one, clones it, edits the
// clone, and asks what the two differ in. Run it with the path of a store, or without, to have one
// that goes away.
#include <verso/verso.hpp>

#include <chrono>
#include <iostream>

namespace {

verso::Definition berth() {
    return {.name = "Berth",
            .accept = {"application/json"},
            .schema = {.content_type = "application/schema+json",
                       .content = R"({"type":"object","properties":{"name":{"type":"string"}}})"}};
}

verso::Action list_berths() {
    return {.name = "ListBerths",
            .method = "GET",
            .path = "/berths",
            .responses = {{.status = 200, .definitions = {{{.name = "Berth"}}}}},
            .summary = "All berths of the port"};
}

verso::Action get_berth() {
    return {.name = "GetBerth",
            .method = "GET",
            .path = "/berths/{{ param.id }}",
            .parameters = {verso::InlineParameter{
                .name = "id", .in = verso::ParameterLocation::path, .required = true}},
            .responses = {{.status = 200, .definitions = {{{.name = "Berth"}}}}}};
}

verso::Result<void> describe(verso::Draft& draft) {
    draft.put(berth()).value();
    draft.put(list_berths()).value();
    draft.put(get_berth()).value();
    return {};
}

verso::Result<void> improve(verso::Draft& draft) {
    verso::Action action = list_berths();
    action.summary = "The berths of the port, the free ones first";
    draft.put(action).value();
    return draft.erase(verso::Kind::action, "GetBerth");
}

/// Writes a constant number of small records, whatever the version holds.
void clone(verso::Store& store, verso::ConnectionId connection) {
    using namespace std::chrono;
    const auto start = steady_clock::now();
    store.create_version(connection, {.name = "1.1.0", .from_version = "latest"}).value();
    const auto duration = duration_cast<microseconds>(steady_clock::now() - start);
    std::cout << "1.1.0 is a clone of it, made in " << duration.count()
              << " microseconds: O(1), so it would take no longer with 100,000 resources.\n";
}

void run(verso::Store store) {
    const auto acme =
        verso::parse_id<verso::OrganisationId>("0198f0c0-0000-7000-8000-00000000ac3e").value();
    const auto harbour = store.create_connection(acme, {.name = "Harbour"}).value().id;

    store.create_version(harbour, {.name = "1.0.0"}).value();
    store.edit({harbour, "1.0.0"}, describe).value();
    store.publish({harbour, "1.0.0"}).value();
    std::cout << "1.0.0 is published: it stays as it is.\n";

    clone(store, harbour);
    store.edit({harbour, "1.1.0"}, improve).value();

    std::cout << "From 1.0.0 to 1.1.0:\n";
    const verso::Snapshot snapshot = store.snapshot().value();
    for (const verso::Change& change :
         snapshot.compare({harbour, "1.0.0"}, {harbour, "1.1.0"}).value())
        std::cout << "  " << to_string(change.type) << ' ' << to_string(change.kind) << ' '
                  << change.name << '\n';

    store.publish({harbour, "1.1.0"}).value();
    for (const verso::ConnectionVersion& version :
         store.snapshot().value().versions(harbour).value())
        std::cout << version.name << (version.is_latest ? " (latest)" : "") << ", revision "
                  << version.revision << ", published "
                  << verso::format_timestamp(version.published_at.value()) << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
    run(argc > 1 ? verso::Store::open(argv[1]).value() : verso::Store::temporary().value());
} catch (const verso::BadResult& bad) {
    std::cerr << "embed: " << bad.error().message << '\n';
    return 1;
}
