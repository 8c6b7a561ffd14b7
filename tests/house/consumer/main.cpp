// Uses every part that a host must find and link: Boost.JSON, OpenSSL, LMDB, and the library
// itself.
#include <verso/domain/document.hpp>
#include <verso/library_version.hpp>
#include <verso/store.hpp>

#include <iostream>

int main() {
    const auto acme =
        verso::parse_id<verso::OrganisationId>("0190a0b0-c0d0-7000-8000-000000000001").value();
    auto store = verso::Store::temporary().value();
    const auto connection = store.create_connection(acme, {.name = "GitHub"}).value();
    const auto version = store.create_version(connection.id, {.name = "1.0.0"}).value();
    std::cout << "verso " << verso::library_version << " made version " << version.name << '\n';
    return verso::Document::parse(R"({"digits": 1.10})").value().to_object().contains("digits") ? 0
                                                                                                : 1;
}
