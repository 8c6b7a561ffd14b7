// The example of the README, as a program. What stands between the marks is what it shows.
#include <verso/verso.hpp>

#include <iostream>

namespace {

void example(const std::filesystem::path& path, verso::OrganisationId acme,
             const verso::Schema& schema) {
    // [readme]
    auto store = verso::Store::open(path).value();
    auto github = store.create_connection(acme, {.name = "GitHub"}).value().id;

    auto describe = [&](verso::Draft& draft) -> verso::Result<void> {
        draft.put(verso::Definition{.name = "Repository", .schema = schema}).value();
        const verso::Response found{.status = 200, .definitions = {{{.name = "Repository"}}}};
        draft
            .put(verso::Action{
                .name = "GetRepo", .method = "GET", .path = "/repo", .responses = {found}})
            .value();
        return {};
    };
    store.create_version(github, {.name = "1.0.0"}).value();
    store.edit({github, "1.0.0"}, describe).value();
    store.publish({github, "1.0.0"}).value();

    auto improve = [](verso::Draft& draft) { return draft.erase(verso::Kind::action, "GetRepo"); };
    store.create_version(github, {.name = "1.1.0", .from_version = "latest"}).value();  // O(1)
    store.edit({github, "1.1.0"}, improve).value();

    auto snapshot = store.snapshot().value();
    auto changes = snapshot.compare({github, "1.0.0"}, {github, "1.1.0"}).value();
    for (const verso::Change& change : changes)
        std::cout << to_string(change.type) << ' ' << change.name << '\n';
    // [readme]
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::cerr << "usage: readme STORE\n";
        return 2;
    }
    example(argv[1], {}, {.content_type = "application/schema+json", .content = "{}"});
} catch (const verso::BadResult& bad) {
    std::cerr << "readme: " << bad.error().message << '\n';
    return 1;
}
