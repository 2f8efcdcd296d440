using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Wire.Flow;
using Xunit;

namespace TrafficFlow.Actors.Tests.Serialization;

/// <summary>Lane and place in the queue of a journey: optional on the wire, and no figure there harms who reads it.</summary>
public sealed class JourneyWireTests
{
    private static readonly DateTimeOffset s_queued = new(2026, 6, 1, 7, 0, 2, TimeSpan.Zero);
    private static readonly Journey s_journey = new(7, TestSites.North, null, s_queued.AddSeconds(40), null, VehicleClass.Bus, 0.9)
    {
        FirstSeenAt = s_queued.AddSeconds(-3),
        LastSeenAt = s_queued.AddSeconds(44),
    };

    [Fact]
    public void What_is_known_survives_and_what_is_not_stays_unknown()
    {
        var whole = s_journey with { LateralMetres = -1.75, QueuedAt = s_queued, QueuedMetres = 18.5 };

        Assert.Equal(whole, JourneyWire.Read(JourneyWire.Write(whole)));
        Assert.Equal(s_journey, JourneyWire.Read(JourneyWire.Write(s_journey)));
        Assert.Equal(s_journey with { LateralMetres = 0, QueuedMetres = 0 }, JourneyWire.Read(JourneyWire.Write(s_journey with { LateralMetres = 0, QueuedMetres = 0 })));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity)]
    public void What_is_no_figure_is_unknown(double lateral, double back)
    {
        var read = JourneyWire.Read(JourneyWire.Write(s_journey with { LateralMetres = lateral, QueuedMetres = back }));

        Assert.Equal((null, null), (read.LateralMetres, read.QueuedMetres));
    }

    [Fact]
    public void A_place_before_the_gate_is_no_queue()
    {
        Assert.Null(JourneyWire.Read(JourneyWire.Write(s_journey with { QueuedMetres = -1 })).QueuedMetres);
    }
}
