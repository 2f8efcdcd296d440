using System.Collections.Immutable;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Tests.Analysis.Studies;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>From a study to SUMO and back: measured against simulated delay, and the proposal on the same traffic.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class SimulatedProposalsTests
{
    private static readonly DateTimeOffset s_morning = new(2026, 4, 8, 7, 0, 0, TimeSpan.FromHours(9));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proposal_is_tried_on_the_measured_demand_and_what_is_assumed_is_said()
    {
        var sumo = new SumoSimulator();
        Assert.SkipWhen(sumo.Missing is not null, sumo.Missing ?? "");
        var (record, study) = Study();
        var steps = new List<double>();

        var simulated = await SimulatedProposals.RunAsync(study, record, SyntheticJunction.Site, sumo, new SimulationSettings { Seeds = 4, CalibrationSeeds = 1, Seconds = 3600 }, new Shares(steps), Cancellation);

        var proposal = Assert.Single(simulated.Proposals);
        Assert.True(proposal.Simulated is not null, string.Join("; ", simulated.Unsaid));
        var told = $"{proposal.Simulated.Comparison.All.DelaySeconds}; measured {string.Join(", ", proposal.Simulated.Measured.Zip(proposal.Simulated.Simulated, (m, s) => $"{m.Approach} {m.DelaySeconds:0.0}/{s:0.0}"))}; {string.Join("; ", proposal.Simulated.Assumptions)}";
        Assert.StartsWith("SUMO 1.", proposal.Simulated.Simulator, StringComparison.Ordinal);
        Assert.True(proposal.Simulated.Comparison.All.DelaySeconds.High < 0, told);
        Assert.Equal(4, proposal.Simulated.Measured.Length);
        Assert.Contains(proposal.Simulated.Assumptions, a => a.Contains("calibrated gates", StringComparison.Ordinal));
        Assert.Contains(proposal.Simulated.Assumptions, a => a.Contains("on the left", StringComparison.Ordinal));
        // One lane, nobody turns across: nearly what a queue on a point does. That real ways calibrate well, SimulatedStudyTests hold.
        Assert.True(proposal.Simulated.Measured.Zip(proposal.Simulated.Simulated, (m, s) => Math.Abs(s - m.DelaySeconds) < 3 + (0.5 * m.DelaySeconds)).All(near => near), told);
        Assert.Equal(!proposal.Simulated.IsCalibrated, simulated.Unsaid.Any(u => u.Kind == UnsaidKind.NotCalibrated));
        Assert.True(steps.Count > 3 && steps.SequenceEqual(steps.Order()));
        Assert.Equal(StudyFile.ToBytes(simulated), StudyFile.ToBytes(StudyFile.Read(new MemoryStream(StudyFile.ToBytes(simulated)), "a")));
        TestContext.Current.TestOutputHelper?.WriteLine(told);
    }

    [Fact]
    public async Task A_simulator_that_is_missing_refuses_or_hangs_leaves_the_study_and_says_what_to_do()
    {
        var (record, study) = Study();
        var (site, settings) = (SyntheticJunction.Site, new SimulationSettings { Seeds = 2, CalibrationSeeds = 1 });

        var missing = await SimulatedProposals.RunAsync(study, record, site, new SumoSimulator("no-such-sumo"), settings, null, Cancellation);
        Assert.Contains("apt-get install sumo", Assert.Single(missing.Unsaid, u => u.Kind == UnsaidKind.SimulatorMissing).Detail, StringComparison.Ordinal);

        var refused = await SimulatedProposals.RunAsync(study, record, site, new SumoSimulator("true", "false"), settings, null, Cancellation);
        Assert.Contains("refused the junction", Assert.Single(refused.Unsaid, u => u.Kind == UnsaidKind.SimulatorFailed).Detail, StringComparison.Ordinal);

        // It would wait for ever.
        var waits = Path.Combine(Directory.CreateTempSubdirectory("trafficflow-test-").FullName, "waits");
        await File.WriteAllTextAsync(waits, "#!/bin/sh\nexec sleep 600\n", Cancellation);
        File.SetUnixFileMode(waits, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var hangs = await SimulatedProposals.RunAsync(study, record, site, new SumoSimulator("true", waits, TimeSpan.FromMilliseconds(300)), settings, null, Cancellation);
        Directory.Delete(Path.GetDirectoryName(waits)!, recursive: true);
        Assert.Contains("did not end within", Assert.Single(hangs.Unsaid, u => u.Kind == UnsaidKind.SimulatorFailed).Detail, StringComparison.Ordinal);

        Assert.All(new[] { missing, refused, hangs }, s => Assert.Null(Assert.Single(s.Proposals).Simulated));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        if (new SumoSimulator().Missing is null) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SimulatedProposals.RunAsync(study, record, site, new SumoSimulator(), settings, null, cancelled.Token));
    }

    private static (JunctionRecord Record, JunctionStudy Study) Study()
    {
        var record = new QueuedJunction(31, s_morning, 5400, new RunningPlan(0, 20, 45)) { AcrossShare = 0 }.Add(QueuedJunction.North, _ => 380).Add(QueuedJunction.East, _ => 200).Add(QueuedJunction.South, _ => 380).Add(QueuedJunction.West, _ => 200).Record();
        return (record, JunctionStudies.Of(record, new StudySettings(CongestionProfile.JarticOrdinary, s_morning, "1") { Lanes = (_, _, journeys) => [.. journeys.Select(_ => (int?)1)] }, null, Cancellation));
    }

    private sealed class Shares(List<double> steps) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            lock (steps) steps.Add(value.Share);
        }
    }
}
