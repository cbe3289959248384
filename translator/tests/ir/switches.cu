__global__ void switches(int* out, int kind)
{
    int r = 0;
    switch (kind) {
    case 0:
    case 1:
        r = 1;
    case 2:
        r += 10;
        break;
    default:
        return;
    }
    do {
        r--;
        if (r == 3)
            continue;
        out[r] = r;
    } while (r > 0);
}
