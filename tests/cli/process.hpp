// Runs programs as real processes in a folder of their own, and keeps what they print and how they
// end.
#pragma once

#include "read_file.hpp"
#include "storage/temporary_folder.hpp"

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::cli {

/// How a process ended.
struct Outcome {
    int code = 0;     ///< The exit code, or -1 where a signal ended it.
    std::string out;  ///< Standard output; of a process on a terminal, standard error too.
    std::string err;
};

/// What a process is given besides its arguments.
struct Surroundings {
    std::string input = {};
    std::map<std::string, std::string> environment = {};  ///< Added to the test's own.
    bool terminal = false;                                ///< Standard output and error are one.
    std::optional<std::string> output_file = {};          ///< Where standard output goes instead.
};

using Words = std::vector<std::string>;

/// A folder in which commands run one after another. Its store is ./verso.store.
class Workspace {
public:
    /// Runs `verso` with these arguments, without waiting for the disk.
    [[nodiscard]] Outcome verso(Words arguments, const Surroundings& surroundings = {}) const;
    /// Runs `verso --json` and reads what it prints, which must be one document and nothing on
    /// standard error.
    [[nodiscard]] boost::json::value json(Words arguments, int expected_code = 0) const;
    /// Runs `verso`, which must succeed, and answers what it prints.
    std::string ok(Words arguments, const Surroundings& surroundings = {}) const;
    /// Runs any program.
    [[nodiscard]] Outcome run(Words command, const Surroundings& surroundings = {}) const;

    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return folder_ / name;
    }
    /// Writes a file and answers its name.
    std::string write(const std::string& name, std::string_view text) const;

private:
    storage::TemporaryFolder folder_;
};

/// The path of a file of docs/examples.
[[nodiscard]] std::string example(const std::string& name);

using test::read_file;

/// A member, or an element, or what they lead to.
[[nodiscard]] std::string text_at(const boost::json::value& json, std::string_view pointer);
[[nodiscard]] std::int64_t number_at(const boost::json::value& json, std::string_view pointer);

}  // namespace verso::cli
