namespace TrafficFlow.Benchmarks.Restart;

internal sealed class RestartBenchmark : IBenchmark
{
    public string Name => "restart";

    public string Description => "";

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => throw new NotImplementedException();
}
