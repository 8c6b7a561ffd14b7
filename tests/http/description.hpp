// The description of the REST endpoint, docs/openapi.json, as the tests hold answers against it.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verso::http {

/// A described operation: `{"GET", "/o/{organisation_id}/connections"}`.
struct Operation {
    std::string method;
    std::string path;
    friend auto operator<=>(const Operation&, const Operation&) = default;
};

/// What is said of the structure of JSON: types, required members, closed objects, enumerations and
/// combinations. Patterns, formats and bounds are left to others.
class Description {
public:
    /// Reads docs/openapi.json.
    Description();

    /// All operations of the paths that begin with `/o/`.
    [[nodiscard]] const std::vector<Operation>& operations() const noexcept { return operations_; }

    /// What is wrong with an answer to an operation, a sentence each; a header counts as there if
    /// `headers` has its name.
    [[nodiscard]] std::vector<std::string> faults(const Operation& operation, unsigned status,
                                                  const std::map<std::string, std::string>& headers,
                                                  std::string_view body) const;

    /// What is wrong with a value of a named schema.
    [[nodiscard]] std::vector<std::string> faults(std::string_view schema,
                                                  const boost::json::value& value) const;

private:
    using Value = boost::json::value;
    using Faults = std::vector<std::string>;

    [[nodiscard]] const Value& resolve(const Value& value) const;
    void check(const Value& schema, const Value& value, const std::string& at,
               Faults& faults) const;
    void check_object(const boost::json::object& schema, const boost::json::object& value,
                      const std::string& at, Faults& faults) const;
    void check_combinations(const boost::json::object& schema, const Value& value,
                            const std::string& at, Faults& faults) const;
    [[nodiscard]] bool accepts(const Value& schema, const Value& value) const;

    Value document_;
    std::vector<Operation> operations_;
};

}  // namespace verso::http
