using TrafficFlow.Benchmarks;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Benchmarks.Failover;
using TrafficFlow.Benchmarks.Pipeline;
using TrafficFlow.Benchmarks.Restart;

return await CommandLine.RunAsync([new PipelineBenchmark(), new RestartBenchmark(), new DeliveryBenchmark(), new FailoverBenchmark()], args);
