using TrafficFlow.Benchmarks;
using TrafficFlow.Benchmarks.Pipeline;
using TrafficFlow.Benchmarks.Restart;

return await CommandLine.RunAsync([new PipelineBenchmark(), new RestartBenchmark()], args);
