struct Node { int key; Node* left; };
__global__ void sort(int* keys)
{
    {
        Node nodes[8];
        for (int k = 0; k < 8; k++) { nodes[k].key = keys[k]; nodes[k].left = nullptr; }
        Node* at = nodes;
        while (at) { keys[0] = at->key; at = at->left; }
    }
    Node nodes[8];
    Node* stack[8];
    int depth = 0;
    Node* at = nodes;
    while (at) stack[depth++] = at;
}
