using TrafficFlow.Core.Flow;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

public class JunctionTruthTests
{
    [Fact]
    public void The_truth_says_when_a_front_was_seen_to_pass_the_lines()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        var before = new Dictionary<long, (double Approach, double Exit)>();
        var (entries, journeys) = (0, 0);
        while (simulation.Now < TimeSpan.FromMinutes(10))
        {
            simulation.Advance();
            foreach (var vehicle in simulation.Vehicles) before.TryAdd(vehicle.Id, (double.NaN, double.NaN));
            for (; entries < simulation.Truth.Entries.Count; entries++)
            {
                var entry = simulation.Truth.Entries[entries];
                Assert.InRange(entry.Time, simulation.Now - JunctionSimulation.Step, simulation.Now);
                Assert.InRange(FrontOf(entry.Vehicle, JunctionLayout.IndexOf(entry.Approach)), JunctionLayout.StopLine - 0.9, JunctionLayout.StopLine);
            }

            for (; journeys < simulation.Truth.Journeys.Count; journeys++)
            {
                var journey = simulation.Truth.Journeys[journeys];
                Assert.InRange(journey.LeftAt, simulation.Now - JunctionSimulation.Step, simulation.Now);
                // On a bend the front swings out a little from the line that the axles follow.
                Assert.InRange(FrontOf(journey.Vehicle, JunctionLayout.IndexOf(journey.Exit)), JunctionLayout.ExitLine - 1.2, JunctionLayout.ExitLine + 0.9);
            }
        }

        Assert.True(journeys > 100);

        double FrontOf(long id, int arm)
        {
            var v = simulation.Vehicles.Single(x => x.Id == id);
            return JunctionLayout.ToArm(
                arm, v.Centre.X + (v.Length / 2 * Math.Cos(v.HeadingRadians)), v.Centre.Y + (v.Length / 2 * Math.Sin(v.HeadingRadians))).Y;
        }
    }

    [Fact]
    public void Movements_entries_and_exits_add_up()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        simulation.AdvanceTo(TimeSpan.FromMinutes(20));
        var counts = simulation.Truth.Counts(simulation.Now);
        var entering = counts.Where(c => c.Key.Movement == Movement.Entering).Sum(c => c.Value);
        var exiting = counts.Where(c => c.Key.Movement == Movement.Exiting).Sum(c => c.Value);
        var moving = counts.Where(c => c.Key.Movement.Name.StartsWith("to ", StringComparison.Ordinal)).Sum(c => c.Value);
        Assert.Equal(simulation.Truth.Entries.Count, entering);
        Assert.Equal(simulation.Truth.Journeys.Count, exiting);
        Assert.Equal(simulation.Truth.Journeys.Count(j => j.EnteredAt >= TimeSpan.Zero), moving);
    }

    [Fact]
    public void Counts_of_two_halves_make_the_whole()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        simulation.AdvanceTo(TimeSpan.FromMinutes(10));
        var half = TimeSpan.FromMinutes(5);
        var whole = simulation.Truth.Counts(simulation.Now);
        var first = simulation.Truth.Counts(half);
        var second = simulation.Truth.Counts(half, simulation.Now);
        foreach (var (stream, count) in whole) Assert.Equal(count, first.GetValueOrDefault(stream) + second.GetValueOrDefault(stream));
    }
}
