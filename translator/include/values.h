#pragma once
#include "limits.h"
#include "float.h"

#define MAXFLOAT FLT_MAX
#define MAXINT INT_MAX
