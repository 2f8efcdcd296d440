using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Formats.Events;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>A closed bin as a CloudEvent.</summary>
public sealed class FlowEventsTests
{
    private static readonly DateTimeOffset s_closedAt = FlowSamples.Morning.AddSeconds(306);

    [Fact]
    public void In_binary_mode_attributes_stand_beside_the_data()
    {
        var binary = FlowEvents.Binary(FlowEvents.Of([FlowSamples.EveryState[0]], s_closedAt));

        Assert.Equal("application/json", binary.ContentType);
        Assert.Equal(
            [
                "dataschema: urn:trafficflow:schema:flow-bin:1", "id: a/north/5/20260331T230000Z/1", "source: urn:trafficflow:site:a", "specversion: 1.0",
                "subject: north", "time: 2026-03-31T23:05:06Z", "type: trafficflow.flow.bin.closed.v1",
            ],
            binary.Attributes.Select(a => $"{a.Key}: {a.Value}"));
        Assert.Equal(binary.Attributes.Select(a => ($"ce-{a.Key}", a.Value)), binary.HttpHeaders.Select(h => (h.Key, h.Value)));
        using var data = JsonDocument.Parse(binary.Data);
        Assert.Equal(7, Assert.Single(data.RootElement.GetProperty("items").EnumerateArray()).GetProperty("count").GetInt32());
    }

    [Fact]
    public void In_structured_mode_others_read_what_was_written()
    {
        var written = FlowEvents.Of([.. FlowSamples.EveryState.Take(1), FlowSamples.EveryState[0] with { Class = "bus", Withheld = CellState.Suppressed }], s_closedAt);

        var read = new JsonEventFormatter().DecodeStructuredModeMessage(FlowEvents.Structured(written), contentType: null, extensionAttributes: null);

        Assert.Equal((written.Id, written.Source, written.Type, written.Subject, written.Time), (read.Id, read.Source, read.Type, read.Subject, read.Time));
        Assert.Equal((CloudEventsSpecVersion.V1_0, written.DataSchema, "application/json"), (read.SpecVersion, read.DataSchema, read.DataContentType));
        var items = ((JsonElement)read.Data!).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["7 false", " true"], items.Select(i => $"{i.GetProperty("count")} {i.GetProperty("suppressed").GetRawText()}"));
        Assert.Contains("+09:00", Encoding.UTF8.GetString(FlowEvents.Structured(written).Span), StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_is_the_same_again_and_another_for_a_revision_and_for_another_bin()
    {
        string Id(FlowTableRow row, double minutes = 0) => FlowEvents.Of([row], s_closedAt.AddMinutes(minutes)).Id!;
        var row = FlowSamples.EveryState[0];

        Assert.Equal(Id(row), Id(row with { Count = 8 }, 7));
        Assert.Equal(
            5, new[] { Id(row), Id(row with { Revision = 2 }), Id(FlowSamples.EveryState[1]), Id(row with { Duration = BinDuration.Hour }), Id(row with { Approach = new("south") }) }.Distinct().Count());
    }

    [Fact]
    public void Rows_of_two_bins_are_no_event_and_neither_is_a_bin_that_is_not_stored()
    {
        Assert.Throws<ArgumentException>(() => FlowEvents.Of([], s_closedAt));
        Assert.Throws<ArgumentException>(() => FlowEvents.Of([.. FlowSamples.EveryState.Take(2)], s_closedAt));
        Assert.Throws<ArgumentException>(() => FlowEvents.Of([FlowSamples.EveryState[3]], s_closedAt));
    }
}
