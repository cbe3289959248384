#pragma once
#include "limits.h"
#include "float.h"

#define MAXINT INT_MAX
