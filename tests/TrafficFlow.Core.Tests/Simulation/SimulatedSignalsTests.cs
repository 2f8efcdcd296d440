using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

/// <summary>The port for signal phases, as the simulation answers it.</summary>
public sealed class SimulatedSignalsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 7, 0, 0, TimeSpan.FromHours(9));
    private readonly SimulatedSignals _signals = new(SignalTimes.Default, Start);

    [Fact]
    public void The_phases_say_what_the_simulation_shows_at_every_moment()
    {
        var junction = new JunctionSimulation(JunctionSettings.Default);
        var span = new Interval(Start, Start.AddSeconds(230));
        var phases = JunctionLayout.Approaches.ToDictionary(a => a, a => _signals.Overlapping(a, span).ToList());
        for (var step = 0; step < 460; step++)
        {
            junction.AdvanceTo(TimeSpan.FromSeconds(step / 2.0));
            foreach (var (arm, approach) in JunctionLayout.Approaches.Index())
            {
                var shown = junction.SignalOf(approach);
                foreach (var turn in Enum.GetValues<Turn>())
                {
                    var movement = Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(arm, turn)]);
                    var now = Start.AddSeconds(step / 2.0);
                    var phase = Assert.Single(phases[approach], p => p.Movements.Contains(movement) && p.Span.From <= now && now < p.Span.To);
                    Assert.Equal(shown.For(turn), phase.Colour);
                }
            }
        }
    }

    [Fact]
    public void Green_is_added_up_over_an_interval()
    {
        var through = Movement.To(JunctionLayout.South);

        Assert.Equal(30, Green(through, 0, 100));
        Assert.Equal(10, Green(through, 20, 100));
        Assert.Equal(60, Green(through, -50, 150));
        Assert.Equal(0, Green(through, 30, 99));
        Assert.Null(_signals.Green(JunctionLayout.North, Movement.Exiting, new Interval(Start, Start.AddSeconds(100))));
    }

    private double Green(Movement movement, double from, double to) =>
        _signals.Green(JunctionLayout.North, movement, new Interval(Start.AddSeconds(from), Start.AddSeconds(to)))!.Value.TotalSeconds;
}
