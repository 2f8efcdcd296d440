using TrafficFlow.Benchmarks;
using TrafficFlow.Benchmarks.Access;
using TrafficFlow.Benchmarks.Accuracy;
using TrafficFlow.Benchmarks.Age;
using TrafficFlow.Benchmarks.Attack;
using TrafficFlow.Benchmarks.Backup;
using TrafficFlow.Benchmarks.Cameras;
using TrafficFlow.Benchmarks.Causes;
using TrafficFlow.Benchmarks.Chaos;
using TrafficFlow.Benchmarks.Corridors;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Benchmarks.Failover;
using TrafficFlow.Benchmarks.Fuzz;
using TrafficFlow.Benchmarks.Incidents;
using TrafficFlow.Benchmarks.Inference;
using TrafficFlow.Benchmarks.Junction;
using TrafficFlow.Benchmarks.Metrics;
using TrafficFlow.Benchmarks.Outage;
using TrafficFlow.Benchmarks.Pipeline;
using TrafficFlow.Benchmarks.Proposal;
using TrafficFlow.Benchmarks.Queues;
using TrafficFlow.Benchmarks.Recording;
using TrafficFlow.Benchmarks.Release;
using TrafficFlow.Benchmarks.Render;
using TrafficFlow.Benchmarks.Restart;
using TrafficFlow.Benchmarks.Scale;
using TrafficFlow.Benchmarks.Scene;
using TrafficFlow.Benchmarks.Signals;
using TrafficFlow.Benchmarks.Soak;
using TrafficFlow.Benchmarks.Solver;
using TrafficFlow.Benchmarks.Speed;
using TrafficFlow.Benchmarks.Start;
using TrafficFlow.Benchmarks.Streets;
using TrafficFlow.Benchmarks.Studies;
using TrafficFlow.Benchmarks.Timing;
using TrafficFlow.Benchmarks.Tracking;
using TrafficFlow.Benchmarks.VaultCrash;
using TrafficFlow.Benchmarks.Web;
using TrafficFlow.Benchmarks.WebFuzz;

// Its instrumented copy is started with it.
if (args is [FuzzWorker.Verb, var folder]) return FuzzWorker.Run(folder);
if (args is [VaultWorker.Verb, var vaults, var seed]) return VaultWorker.Run(vaults, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));

return await CommandLine.RunAsync(
    [
        new PipelineBenchmark(), new RestartBenchmark(), new DeliveryBenchmark(), new FailoverBenchmark(), new OutageBenchmark(), new DatabaseOutageBenchmark(),
        new ScaleBenchmark(), new AgeBenchmark(), new ChaosBenchmark(), new SoakBenchmark(), new AttackBenchmark(), new BackupBenchmark(), new AccessBenchmark(), new MetricsBenchmark(), new StartBenchmark(), new JunctionBenchmark(), new SpeedBenchmark(), new AccuracyBenchmark(), new LooksBenchmark(),
        new SceneBenchmark(), new CamerasBenchmark(), new TrackingBenchmark(), new InferenceBenchmark(), new ProposalBenchmark(), new RenderBenchmark(), new StreetsBenchmark(),
        new FuzzBenchmark(), new ReleaseBenchmark(), new WebFuzzBenchmark(), new WebBenchmark(), new VaultCrashBenchmark(), new RecordingBenchmark(), new SignalsBenchmark(), new SolverBenchmark(), new CorridorBenchmark(), new TimingBenchmark(), new IncidentsBenchmark(), new QueuesBenchmark(), new CausesBenchmark(), new StudyBenchmark(),
    ],
    args);
