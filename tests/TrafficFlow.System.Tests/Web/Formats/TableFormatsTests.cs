using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Export;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>Tables of flow rows as CSV and JSON, and what all tabular formats have in common.</summary>
public sealed class TableFormatsTests
{
    public static TheoryData<string> Streaming => ["csv", "json", "jsonl", "arrows"];

    [Fact]
    public async Task A_csv_tells_zero_missing_suppressed_and_a_lower_bound_apart()
    {
        const string Header =
            "site,approach,movement,class,date,time,utc_offset,time_zone,start,end,start_utc,bin_min,count,small,large,speed_samples,space_mean_speed_kmh,"
            + "time_mean_speed_kmh,quality,observed_s,coverage,revision,site_hash,model,model_version,calibration,queue_mean_m,queue_max_m,queue_mean_vehicles,"
            + "queue_max_vehicles,state,suppressed\r\n";
        const string Begin = "a,north,entering,passenger-car,2026-04-01,";
        const string Made = "0123456789abcdef,trafficflow,7,c0ffee,10,41.2,2,6";

        Assert.Equal(
            Header
            + $"{Begin}08:00,+09:00,Asia/Tokyo,2026-04-01T08:00:00+09:00,2026-04-01T08:05:00+09:00,2026-03-31T23:00:00Z,5,7,7,0,7,36,36,complete,300,1,1,{Made},counted,false\r\n"
            + $"{Begin}08:05,+09:00,Asia/Tokyo,2026-04-01T08:05:00+09:00,2026-04-01T08:10:00+09:00,2026-03-31T23:05:00Z,5,0,0,0,0,,,complete,300,1,1,{Made},counted,false\r\n"
            + $"{Begin}08:10,+09:00,Asia/Tokyo,2026-04-01T08:10:00+09:00,2026-04-01T08:15:00+09:00,2026-03-31T23:10:00Z,5,,,,,,,blind,0,0,1,{Made},missing,false\r\n"
            + $"{Begin}08:15,+09:00,Asia/Tokyo,2026-04-01T08:15:00+09:00,2026-04-01T08:20:00+09:00,2026-03-31T23:15:00Z,5,,,,,,,missing,0,0,,,,,,,,,,missing,false\r\n"
            + $"{Begin}08:20,+09:00,Asia/Tokyo,2026-04-01T08:20:00+09:00,2026-04-01T08:25:00+09:00,2026-03-31T23:20:00Z,5,,,,,,,complete,300,1,1,{Made},suppressed,true\r\n"
            + $"{Begin}08:25,+09:00,Asia/Tokyo,2026-04-01T08:25:00+09:00,2026-04-01T08:30:00+09:00,2026-03-31T23:25:00Z,5,4,4,0,4,36,36,partial,150,0.5,2,{Made},counted,false\r\n"
            + $"{Begin}08:30,+09:00,Asia/Tokyo,2026-04-01T08:30:00+09:00,2026-04-01T08:35:00+09:00,2026-03-31T23:30:00Z,5,,,,,,,complete,300,1,1,{Made},coarsened,false\r\n"
            + $"{Begin}08:35,+09:00,Asia/Tokyo,2026-04-01T08:35:00+09:00,2026-04-01T08:40:00+09:00,2026-03-31T23:35:00Z,5,,,,,,,complete,300,1,1,{Made},pending,false\r\n",
            await FlowSamples.TextAsync(new CsvFlowFormat(), FlowSamples.EveryState));
    }

    [Fact]
    public async Task A_csv_for_excel_is_the_same_behind_a_byte_order_mark()
    {
        var plain = await FlowSamples.BytesAsync(new CsvFlowFormat(), FlowSamples.EveryState);

        var marked = await FlowSamples.BytesAsync(FlowFormats.CsvWithMark, FlowSamples.EveryState);

        Assert.Equal([.. Encoding.UTF8.Preamble, .. plain], marked);
    }

    [Fact]
    public async Task A_page_of_json_has_items_and_what_asks_for_the_next()
    {
        var rows = FlowSamples.Rows([FlowSamples.EveryState[0], FlowSamples.EveryState[4]]) with { Next = () => "c5" };

        Assert.Equal(
            """
            {"items":[{"site":"a","approach":"north","movement":"entering","class":"passenger-car","date":"2026-04-01","time":"08:00","utc_offset":"+09:00","time_zone":"Asia/Tokyo",
            "start":"2026-04-01T08:00:00+09:00","end":"2026-04-01T08:05:00+09:00","start_utc":"2026-03-31T23:00:00Z","bin_min":5,
            "count":7,"small":7,"large":0,"speed_samples":7,"space_mean_speed_kmh":36,"time_mean_speed_kmh":36,
            "quality":"complete","observed_s":300,"coverage":1,"revision":1,"site_hash":"0123456789abcdef","model":"trafficflow","model_version":"7","calibration":"c0ffee",
            "queue_mean_m":10,"queue_max_m":41.2,"queue_mean_vehicles":2,"queue_max_vehicles":6,"state":"counted","suppressed":false},
            {"site":"a","approach":"north","movement":"entering","class":"passenger-car","date":"2026-04-01","time":"08:20","utc_offset":"+09:00","time_zone":"Asia/Tokyo",
            "start":"2026-04-01T08:20:00+09:00","end":"2026-04-01T08:25:00+09:00","start_utc":"2026-03-31T23:20:00Z","bin_min":5,
            "count":null,"small":null,"large":null,"speed_samples":null,"space_mean_speed_kmh":null,"time_mean_speed_kmh":null,
            "quality":"complete","observed_s":300,"coverage":1,"revision":1,"site_hash":"0123456789abcdef","model":"trafficflow","model_version":"7","calibration":"c0ffee",
            "queue_mean_m":10,"queue_max_m":41.2,"queue_mean_vehicles":2,"queue_max_vehicles":6,"state":"suppressed","suppressed":true}],
            "next":"c5"}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(await FlowSamples.BytesAsync(new JsonFlowFormat(), rows)));
    }

    [Fact]
    public async Task Json_lines_are_the_items_one_a_line()
    {
        var lines = (await FlowSamples.TextAsync(new JsonLinesFlowFormat(), FlowSamples.EveryState)).Split('\n');
        using var page = JsonDocument.Parse(await FlowSamples.BytesAsync(new JsonFlowFormat(), FlowSamples.EveryState));

        Assert.Equal([.. page.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()), ""], lines);
        Assert.Equal(JsonValueKind.Null, page.RootElement.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task The_columns_are_those_of_the_verb_export_and_the_state_of_a_row()
    {
        var bin = FlowSamples.Full(0, FlowSamples.Cars(7));
        var key = new FlowExportKey(FlowSamples.SiteId, FlowSamples.North, BinDuration.FiveMinutes, "Asia/Tokyo");
        var exported = FlowExportRow.Of(key, new Interval(bin.Key.Start, bin.End), bin, new FlowStream(Movement.Entering, VehicleClass.PassengerCar));
        using var csv = new MemoryStream();
        await CsvRows.WriteAsync(OneAsync(exported), CsvForm.Comma, csv, CancellationToken.None);

        var ours = (await FlowSamples.TextAsync(new CsvFlowFormat(), [FlowSamples.Row(0, bin)])).Split("\r\n");
        var theirs = Encoding.UTF8.GetString(csv.ToArray()).Split("\r\n");

        Assert.Equal(typeof(FlowExportRow).GetProperties().Select(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name).Concat(["state", "suppressed"]), FlowColumn.All.Select(c => c.Name));
        Assert.Equal(theirs.Take(2).Zip([",state,suppressed", ",counted,false"], string.Concat), ours.Take(2));
    }

    [Theory]
    [InlineData(CellState.Suppressed)]
    [InlineData(CellState.Coarsened)]
    [InlineData(CellState.Pending)]
    [InlineData(CellState.Missing)]
    public void A_withheld_row_gives_none_of_its_numbers_away(CellState why)
    {
        var row = FlowSamples.Row(0, FlowSamples.Full(0, FlowSamples.Cars(3))) with { Withheld = why, Small = 3 };

        Assert.Equal((why, why == CellState.Suppressed), (row.State, row.IsSuppressed));
        Assert.Equal([null, null, null, null], new[] { row.Count, row.Small, row.Large, row.SpeedSamples });
        Assert.Equal([null, null], new[] { row.SpaceMeanSpeedKmh, row.TimeMeanSpeedKmh });
    }

    [Theory]
    [MemberData(nameof(Streaming))]
    public async Task Rows_go_out_while_others_are_still_to_come(string extension)
    {
        await using var stream = new AsyncOnlyStream();
        long before = 0;
        var states = FlowSamples.EveryState;
        var rows = Enumerable.Range(0, 20_000).Select(i =>
        {
            before = stream.Written;
            return states[i % 2];
        });

        await FlowFormats.ByExtension(extension)!.WriteAsync(FlowSamples.Rows(rows), stream, CancellationToken.None);

        Assert.True(before > stream.Written / 4, $"{before} of {stream.Written} bytes had gone out");
    }

    [Fact]
    public void A_format_is_found_by_its_media_type_and_its_extension()
    {
        Assert.All(FlowFormats.Tables, f => Assert.Same(f, FlowFormats.ByMediaType(f.MediaType.ToUpperInvariant())));
        Assert.All(FlowFormats.Tables, f => Assert.Same(f, FlowFormats.ByExtension(f.FileExtension)));
        Assert.Null(FlowFormats.ByMediaType("text/html"));
    }

    private static async IAsyncEnumerable<FlowExportRow> OneAsync(FlowExportRow row)
    {
        await Task.CompletedTask;
        yield return row;
    }
}
