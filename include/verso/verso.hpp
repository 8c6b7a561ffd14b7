// All of verso.
#pragma once

#include <verso/bundle.hpp>
#include <verso/library_version.hpp>
#include <verso/maintenance.hpp>
#include <verso/openapi.hpp>
#include <verso/store.hpp>
#include <verso/sync.hpp>
