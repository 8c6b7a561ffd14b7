#include "http/query.hpp"

#include "domain/failure.hpp"
#include "http/target.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace verso::http {

namespace {

constexpr std::array paging_names{std::string_view("first"), std::string_view("after"),
                                  std::string_view("before"), std::string_view("name")};
constexpr std::array force_names{std::string_view("force")};

std::span<const std::string_view> names_of(Parameters parameters) {
    switch (parameters) {
        case Parameters::none: return {};
        case Parameters::paging: return std::span(paging_names).first(3);
        case Parameters::paging_by_name: return paging_names;
        case Parameters::force: return force_names;
    }
    return {};
}

[[noreturn]] void refuse(const std::string& name, const std::string& problem) {
    const std::string message = "the query parameter '" + name + "' " + problem;
    fail(Error{Errc::request_invalid, message, {{name, message}}});
}

std::string known_names(std::span<const std::string_view> names) {
    if (names.empty()) return "; none is taken here";
    std::string text = "; known are ";
    for (const std::string_view name : names) {
        if (name != names.front()) text += ", ";
        text += name;
    }
    return text;
}

std::size_t read_first(const std::string& text) {
    unsigned first = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (!is_whole || text.front() == '0' || first > 100)
        refuse("first", "is no integer from 1 to 100");
    return first;
}

bool read_force(const std::optional<std::string>& text) {
    if (!text || *text == "true") return true;
    if (*text != "false") refuse("force", "may be alone, 'true' or 'false'");
    return false;
}

using Value = std::optional<std::string>;

void take(Query& query, const std::string& name, Value value) {
    if (name == "force") {
        query.force = read_force(value);
        return;
    }
    if (!value) refuse(name, "has no value; write '" + name + "=...'");
    if (name == "first")
        query.page.first = read_first(*value);
    else if (name == "after")
        query.page.after = std::move(value);
    else if (name == "before")
        query.page.before = std::move(value);
    else
        query.page.name = std::move(*value);
}

std::pair<std::string, Value> read_parameter(std::string_view text) {
    const std::size_t equals = text.find('=');
    std::string name = percent_decode(text.substr(0, equals), "query");
    if (equals == std::string_view::npos) return {std::move(name), std::nullopt};
    return {std::move(name), percent_decode(text.substr(equals + 1), "query")};
}

}  // namespace

Query read_query(std::string_view text, Parameters parameters) {
    Query query;
    const auto names = names_of(parameters);
    std::array<bool, paging_names.size()> seen{};
    while (!text.empty()) {
        const std::string_view each = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(each.size() + 1, text.size()));
        auto [name, value] = read_parameter(each);
        const auto known = std::find(names.begin(), names.end(), name);
        if (known == names.end()) refuse(name, "is not known" + known_names(names));
        bool& is_seen = seen[static_cast<std::size_t>(known - names.begin())];
        if (std::exchange(is_seen, true)) refuse(name, "is given more than once");
        take(query, name, std::move(value));
    }
    if (query.page.after && query.page.before)
        refuse("before", "may not be given together with 'after'");
    return query;
}

}  // namespace verso::http
