"""The large fit in PyTorch (eager) or JAX (scanned epochs): what a person would otherwise write.

    PYTHON tests/benchmarks/large_peers.py torch|jax [--rows 1000000] [--epochs 4] [--threads 2]

A script of its own, since its interpreter has NumPy and the peer only: 2 inputs, 64-64 tanh, 5 components, batch 4096,
Adam at 0.001, every epoch in a new order. The log density is written out, which is the fastest way in both. Threads
are those of PyTorch; JAX takes the cores there are. Prints one line of JSON: the seconds of each epoch, the first with
compilation, and the NLL of the last one.
"""

import argparse
import json
import time

import numpy as np

HIDDEN, NUM_COMPONENTS, BATCH, RATE = 64, 5, 4096, 1e-3


def draw(num_rows, seed=0, block=1_000_000):
    """Return x [N, 2] and y [N], float64, two branches; drawn block by block, so that little else is in memory."""
    rng = np.random.default_rng(seed)
    x, y = np.empty((num_rows, 2)), np.empty(num_rows)
    for begin in range(0, num_rows, block):
        part = x[begin : begin + block]
        part[:] = rng.uniform(-2.0, 2.0, part.shape)
        branch = rng.choice([-1.0, 1.0], len(part))
        centre = np.sin(part[:, 0]) + branch * (1.0 + 0.3 * part[:, 1])
        y[begin : begin + block] = rng.normal(centre, 0.2)
    return x, y


def torch_epoch(x, y, threads):
    """Return a function that trains one epoch and returns its mean NLL."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32)
    layer, tanh = torch.nn.Linear, torch.nn.Tanh
    network = torch.nn.Sequential(
        layer(2, HIDDEN), tanh(), layer(HIDDEN, HIDDEN), tanh(), layer(HIDDEN, 3 * NUM_COMPONENTS)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)

    def batch_nll(x, y):
        logits, locs, raw_scales = network(x).chunk(3, -1)
        scales = torch.nn.functional.softplus(raw_scales)
        each = -0.5 * ((y - locs) / scales) ** 2 - scales.log() - 0.5 * np.log(2.0 * np.pi)
        return -torch.logsumexp(torch.log_softmax(logits, -1) + each, -1).mean()

    def epoch():
        order, total, steps = torch.randperm(len(x)), 0.0, len(x) // BATCH
        for rows in order[: steps * BATCH].split(BATCH):
            optimiser.zero_grad()
            loss = batch_nll(x[rows], y[rows])
            loss.backward()
            optimiser.step()
            total += loss.detach()
        return float(total) / steps

    return epoch


def jax_epoch(x, y, _):
    """Return a function that trains one epoch and returns its mean NLL."""
    import jax
    import jax.numpy as jnp
    import optax

    rng, steps = np.random.default_rng(0), len(x) // BATCH
    x, y = jnp.array(x, "float32"), jnp.array(y[:, None], "float32")

    def layer(fan_in, fan_out):
        return jnp.array(rng.uniform(-1, 1, (fan_in, fan_out)) / np.sqrt(fan_in), "float32"), jnp.zeros(fan_out)

    def batch_nll(parameters, x, y):
        *hidden, (kernel, bias) = parameters
        for hidden_kernel, hidden_bias in hidden:
            x = jnp.tanh(x @ hidden_kernel + hidden_bias)
        logits, locs, raw_scales = jnp.split(x @ kernel + bias, 3, -1)
        scales = jax.nn.softplus(raw_scales)
        each = -0.5 * ((y - locs) / scales) ** 2 - jnp.log(scales) - 0.5 * jnp.log(2.0 * jnp.pi)
        return -jax.scipy.special.logsumexp(jax.nn.log_softmax(logits) + each, axis=-1).mean()

    optimiser = optax.adam(RATE)
    parameters = [layer(2, HIDDEN), layer(HIDDEN, HIDDEN), layer(HIDDEN, 3 * NUM_COMPONENTS)]
    state = [parameters, optimiser.init(parameters), jax.random.PRNGKey(0)]

    @jax.jit
    def scanned(parameters, slots, key):
        key, used = jax.random.split(key)
        order = jax.random.permutation(used, len(x))[: steps * BATCH].reshape(steps, BATCH)

        def step(carry, rows):
            parameters, slots = carry
            loss, gradient = jax.value_and_grad(batch_nll)(parameters, x[rows], y[rows])
            update, slots = optimiser.update(gradient, slots, parameters)
            return (optax.apply_updates(parameters, update), slots), loss

        (parameters, slots), losses = jax.lax.scan(step, (parameters, slots), order)
        return [parameters, slots, key], losses.mean()

    def epoch():
        state[:], loss = scanned(*state)
        return float(loss)

    return epoch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=("torch", "jax"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    epoch = {"torch": torch_epoch, "jax": jax_epoch}[options.peer](*draw(options.rows), options.threads)
    seconds, nll = [], None
    for _ in range(options.epochs):
        begin = time.perf_counter()
        nll = epoch()
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({"seconds": seconds, "nll": nll}))


if __name__ == "__main__":
    main()
