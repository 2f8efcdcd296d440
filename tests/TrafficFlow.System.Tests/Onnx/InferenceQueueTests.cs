using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

public sealed class InferenceQueueTests
{
    [Fact]
    public async Task Who_has_waited_longest_goes_next()
    {
        var queue = new InferenceQueue(cores: 1);
        using var first = new InferencePlace(threads: 1);
        queue.Enter(first);
        var order = new List<int>();
        var waiting = new List<Task>();
        foreach (var camera in new[] { 3, 1, 2 }) waiting.Add(await QueuedAsync(queue, 1, waiting.Count + 1, () => order.Add(camera)));

        queue.Leave(first);
        await Task.WhenAll(waiting);

        Assert.Equal([3, 1, 2], order);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task No_more_inferences_run_than_there_are_cores()
    {
        const int Cores = 2;
        var queue = new InferenceQueue(Cores);
        var (running, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var place = new InferencePlace(threads: 1);
                for (var frame = 0; frame < 500; frame++)
                {
                    queue.Enter(place);
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    Interlocked.Decrement(ref running);
                    queue.Leave(place);
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.InRange(most, 1, Cores);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task One_that_needs_all_cores_is_not_passed_by_smaller_ones()
    {
        var queue = new InferenceQueue(cores: 2);
        using var first = new InferencePlace(threads: 1);
        queue.Enter(first);
        var order = new List<string>();
        // One core is free: the second in the line could go, and would keep the first waiting for ever.
        var large = await QueuedAsync(queue, 4, 1, () => order.Add("large"));
        var small = await QueuedAsync(queue, 1, 2, () => order.Add("small"));

        queue.Leave(first);
        await Task.WhenAll(large, small);

        Assert.Equal(["large", "small"], order);
    }

    /// <returns>Ends when the place has had its turn; by then it stands in the line.</returns>
    private static async Task<Task> QueuedAsync(InferenceQueue queue, int threads, int length, Action work)
    {
        var turn = Task.Factory.StartNew(
            () =>
            {
                using var place = new InferencePlace(threads);
                queue.Enter(place);
                work();
                queue.Leave(place);
            },
            TaskCreationOptions.LongRunning);
        while (queue.Waiting < length) await Task.Yield();
        return turn;
    }
}
