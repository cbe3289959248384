#pragma once
#include "translate_builtins.h"
