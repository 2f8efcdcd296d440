using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using CsCheck;
using CsvHelper;
using Parquet;
using Parquet.Schema;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>Whatever is written can be read back by others' libraries: each number, each zero, and each reason why there is none.</summary>
public sealed class RoundTripTests
{
    private const int Tables = 60;

    private static readonly string[] s_movements = ["entering", "exiting", "to south", "cam1 n-in forward"];

    private static readonly Gen<FlowTableRow> s_row =
        from start in Gen.Int[0, 500_000]
        from state in Gen.Int[0, 5]
        from count in Gen.OneOf(Gen.Const(0), Gen.Int[1, 100_000])
        from speed in Gen.Double[0.1, 200]
        from hasSpeed in Gen.Bool
        from quality in Gen.Enum<BinQuality>()
        from observed in Gen.Double[0, 300]
        from movement in Gen.Int[0, s_movements.Length - 1].Select(i => s_movements[i])
        let begin = FlowSamples.Morning.AddMinutes(start * 5L)
        let hasNumber = state != 0
        select new FlowTableRow(FlowSamples.SiteId, FlowSamples.North, movement, "bus", new Interval(begin, begin.AddMinutes(5)), BinDuration.FiveMinutes, "Asia/Tokyo")
        {
            Withheld = state switch { 3 => CellState.Suppressed, 4 => CellState.Coarsened, 5 => CellState.Pending, _ => null },
            Count = hasNumber ? count : null,
            Small = hasNumber ? 0 : null,
            Large = hasNumber ? count : null,
            SpeedSamples = hasNumber ? (hasSpeed ? count : 0) : null,
            SpaceMeanSpeedKmh = hasNumber && hasSpeed ? speed : null,
            TimeMeanSpeedKmh = hasNumber && hasSpeed ? speed + 1 : null,
            Quality = state == 0 && hasSpeed ? null : quality,
            ObservedSeconds = observed,
            Revision = state == 0 ? null : 1 + (count % 5),
            Provenance = state == 0 ? null : new Provenance("0123456789abcdef", "m", "1", "none"),
        };

    private static readonly Gen<FlowTableRow[]> s_rows = s_row.Array[0, 40];

    [Fact]
    public Task Through_csv() => SampleAsync(new CsvFlowFormat(), ReadCsv);

    [Fact]
    public Task Through_csv_with_a_mark() => SampleAsync(FlowFormats.CsvWithMark, ReadCsv);

    [Fact]
    public Task Through_json() => SampleAsync(new JsonFlowFormat(), ReadJson);

    [Fact]
    public Task Through_parquet() => SampleAsync(new ParquetFlowFormat(), ReadParquetAsync);

    [Fact]
    public Task Through_arrow() => SampleAsync(new ArrowFlowFormat(), ReadArrowAsync);

    [Fact]
    public async Task Through_several_groups_of_parquet_and_batches_of_arrow()
    {
        var states = FlowSamples.EveryState;
        var rows = Enumerable.Range(0, 60_000).Select(i => states[i % states.Length]).ToArray();
        var expected = rows.Select(Expected).ToList();

        Assert.Equal(expected, await ReadParquetAsync(await FlowSamples.BytesAsync(new ParquetFlowFormat(), rows)));
        Assert.Equal(expected, await ReadArrowAsync(await FlowSamples.BytesAsync(new ArrowFlowFormat(), rows)));
    }

    private static async Task SampleAsync(IFlowFormat format, Func<byte[], Task<List<string>>> read) => await s_rows.SampleAsync(
        async rows => Assert.Equal(rows.Select(Expected), await read(await FlowSamples.BytesAsync(format, rows))), iter: Tables, threads: 1);

    /// <summary>What is compared: empty for none.</summary>
    private static string Expected(FlowTableRow row) => Line(
        row.Movement, row.Bin.From.UtcDateTime, row.Count, row.SpeedSamples,
        Rounded(row.SpaceMeanSpeedKmh), row.QualityName, Math.Round(row.ObservedSeconds, 1), row.Revision, row.StateName, row.IsSuppressed);

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;

    private static string Line(string movement, DateTime start, int? count, int? samples, double? speed, string quality, double observed, int? revision, string state, bool suppressed) =>
        string.Create(CultureInfo.InvariantCulture, $"{movement}|{start:s}|{count}|{samples}|{speed}|{quality}|{observed}|{revision}|{state}|{suppressed}");

    private static Task<List<string>> ReadCsv(byte[] bytes)
    {
        using var csv = CsvReader.Create(bytes, new CsvReaderOptions { Separator = ',', HasHeader = true });
        csv.ReadHeader();
        var lines = new List<string>();
        while (csv.Read())
        {
            lines.Add(Line(
                csv.GetString("movement"), DateTime.Parse(csv.GetString("start_utc"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
                Whole("count"), Whole("speed_samples"), Number("space_mean_speed_kmh"), csv.GetString("quality"), Number("observed_s")!.Value, Whole("revision"),
                csv.GetString("state"), bool.Parse(csv.GetString("suppressed"))));
        }

        return Task.FromResult(lines);
        int? Whole(string name) => csv.GetString(name) is { Length: > 0 } cell ? int.Parse(cell, CultureInfo.InvariantCulture) : null;
        double? Number(string name) => csv.GetString(name) is { Length: > 0 } cell ? double.Parse(cell, CultureInfo.InvariantCulture) : null;
    }

    private static Task<List<string>> ReadJson(byte[] bytes)
    {
        using var page = JsonDocument.Parse(bytes);
        return Task.FromResult(page.RootElement.GetProperty("items").EnumerateArray().Select(item => Line(
            item.GetProperty("movement").GetString()!, item.GetProperty("start_utc").GetDateTime(), Whole(item, "count"), Whole(item, "speed_samples"),
            Number(item, "space_mean_speed_kmh"), item.GetProperty("quality").GetString()!, Number(item, "observed_s")!.Value, Whole(item, "revision"),
            item.GetProperty("state").GetString()!, item.GetProperty("suppressed").GetBoolean())).ToList());
        static int? Whole(JsonElement item, string name) => item.GetProperty(name) is { ValueKind: JsonValueKind.Number } cell ? cell.GetInt32() : null;
        static double? Number(JsonElement item, string name) => item.GetProperty(name) is { ValueKind: JsonValueKind.Number } cell ? cell.GetDouble() : null;
    }

    private static async Task<List<string>> ReadParquetAsync(byte[] bytes)
    {
        await using var parquet = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        var lines = new List<string>();
        for (var g = 0; g < parquet.RowGroupCount; g++)
        {
            using var group = parquet.OpenRowGroupReader(g);
            var (movement, quality, state) = (new string?[group.RowCount], new string?[group.RowCount], new string?[group.RowCount]);
            var (start, suppressed, observed) = (new DateTime[group.RowCount], new bool[group.RowCount], new double[group.RowCount]);
            var (count, samples, revision, speed) = (new int?[group.RowCount], new int?[group.RowCount], new int?[group.RowCount], new double?[group.RowCount]);
            await group.ReadAsync(Field("movement"), movement.AsMemory());
            await group.ReadAsync(Field("quality"), quality.AsMemory());
            await group.ReadAsync(Field("state"), state.AsMemory());
            await group.ReadAsync<DateTime>(Field("start_utc"), start.AsMemory());
            await group.ReadAsync<bool>(Field("suppressed"), suppressed.AsMemory());
            await group.ReadAsync<double>(Field("observed_s"), observed.AsMemory());
            await group.ReadAsync<int>(Field("count"), count.AsMemory());
            await group.ReadAsync<int>(Field("speed_samples"), samples.AsMemory());
            await group.ReadAsync<int>(Field("revision"), revision.AsMemory());
            await group.ReadAsync<double>(Field("space_mean_speed_kmh"), speed.AsMemory());
            lines.AddRange(Enumerable.Range(0, movement.Length).Select(i =>
                Line(movement[i]!, start[i], count[i], samples[i], speed[i], quality[i]!, observed[i], revision[i], state[i]!, suppressed[i])));
        }

        return lines;
        DataField Field(string name) => parquet.Schema.GetDataFields().Single(f => f.Name == name);
    }

    private static async Task<List<string>> ReadArrowAsync(byte[] bytes)
    {
        using var arrow = new ArrowStreamReader(new MemoryStream(bytes));
        var lines = new List<string>();
        while (await arrow.ReadNextRecordBatchAsync() is { } batch)
        {
            using (batch)
            {
                lines.AddRange(Enumerable.Range(0, batch.Length).Select(i => Line(
                    Of<StringArray>(batch, "movement").GetString(i), Of<TimestampArray>(batch, "start_utc").GetTimestamp(i)!.Value.UtcDateTime, Whole(batch, "count", i),
                    Whole(batch, "speed_samples", i), Of<DoubleArray>(batch, "space_mean_speed_kmh").GetValue(i), Of<StringArray>(batch, "quality").GetString(i),
                    Of<DoubleArray>(batch, "observed_s").GetValue(i)!.Value, Whole(batch, "revision", i), Of<StringArray>(batch, "state").GetString(i), Of<BooleanArray>(batch, "suppressed").GetValue(i)!.Value)));
            }
        }

        Assert.Equal(FlowColumn.All.Select(c => (c.Name, c.Description)), arrow.Schema.FieldsList.Select(f => (f.Name, f.Metadata["description"])));
        return lines;
        static T Of<T>(RecordBatch batch, string name) => Assert.IsType<T>(batch.Column(name), exactMatch: false);
        static int? Whole(RecordBatch batch, string name, int i) => Of<Int32Array>(batch, name).GetValue(i);
    }
}
