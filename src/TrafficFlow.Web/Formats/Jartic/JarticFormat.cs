using System.Globalization;
using CsvHelper;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Jartic;

/// <summary>
/// CSV in the columns of the 5-minute table of permanent counters (様式1, t_travospublic_measure_5m) that JARTIC serves for the ministry, in UTF-8
/// as there, its point as 経度 and 緯度. Missing is blank with 欠測 = 1; withheld is blank with 欠測 = 0. 停電, ループ異常 and 超音波異常 are
/// faults of sensors that a camera has not: always 0. Times are Japan Standard Time whatever the site's zone.
/// </summary>
/// <param name="withCoverage">Appends what JARTIC's table has no column for: observed seconds, quality, revision, and whether it is withheld (秘匿).</param>
public sealed class JarticFormat(Site site, IReadOnlyList<JarticStation> stations, bool withCoverage = false) : IFlowFormat
{
    /// <summary>As published, in its order; 経度 and 緯度 stand for the point.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "FID", "地方整備局等番号", "開発建設部／都道府県コード", "常時観測点コード", "収集時間フラグ（5分間／1時間）", "観測年月日", "時間帯",
        .. Direction("上り"), .. Direction("下り"), "道路種別", "時間コード", "経度", "緯度",
    ];

    private static readonly TimeSpan JapanStandardTime = TimeSpan.FromHours(9);

    private readonly SiteGeography? _place = SiteGeography.Find(site);

    public string MediaType => "text/csv";

    public string ContentType => "text/csv; charset=utf-8; header=present";

    public string FileExtension => "csv";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        await using (var csv = CsvWriter.Create(output, new CsvWriterOptions { Separator = ',', NewLine = "\r\n" }, leaveOpen: true))
        {
            IEnumerable<string> columns = withCoverage ? [.. Columns, .. Coverage("上り"), .. Coverage("下り")] : Columns;
            csv.WriteHeader([.. columns]);
            await foreach (var bin in BinRows.OfAsync(rows.Rows, cancellation).ConfigureAwait(false))
            {
                if (bin[0].Duration != BinDuration.FiveMinutes)
                    throw new FormatRefusedException($"JARTIC's table holds bins of 5 minutes, not of {bin[0].Duration}: ask for bins of 5 minutes");
                foreach (var station in stations.Where(s => s.Approach == bin[0].Approach)) Write(csv, station, bin);
                await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
            }

            csv.Flush();
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private void Write(CsvWriter csv, JarticStation station, IReadOnlyList<FlowTableRow> bin)
    {
        var start = bin[0].Bin.From.ToOffset(JapanStandardTime);
        var entering = JarticDirection.Of([.. bin.Where(r => r.Movement == Movement.Entering.Name)]);
        var exiting = JarticDirection.Of([.. bin.Where(r => r.Movement == Movement.Exiting.Name)]);
        JarticDirection[] directions = station.UpIsEntering ? [entering, exiting] : [exiting, entering];
        var code = start.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        List<string> cells =
        [
            CsvCell.Text($"{station.Code}.{code}"), Number(station.Bureau), CsvCell.Text(station.SubRegion), CsvCell.Text(station.Code), "1",
            start.ToString("yyyyMMdd", CultureInfo.InvariantCulture), Number((start.Hour * 100) + start.Minute),
            .. directions.SelectMany(Cells), Number(station.RoadType), code, .. Place(station),
        ];
        if (withCoverage) cells.AddRange(directions.SelectMany(CoverageCells));
        foreach (var cell in cells) csv.WriteField(cell);
        csv.EndRecord();
    }

    private static string[] Cells(JarticDirection d)
    {
        string[] counts = d.State == CellState.Counted ? [Number(d.Small), Number(d.Large), Number(d.Unknown)] : ["", "", ""];
        return [.. counts, "0", "0", "0", d.State == CellState.Missing ? "1" : "0"];
    }

    private static string[] CoverageCells(JarticDirection d) =>
        [Math.Round(d.ObservedSeconds, 1).ToString(CultureInfo.InvariantCulture), d.Quality, Number(d.Revision), d.State is CellState.Counted or CellState.Missing ? "0" : "1"];

    private string[] Place(JarticStation station)
    {
        if (_place?.PositionOf(station.Approach) is not { } place) return ["", ""];
        return [.. new[] { place.Longitude, place.Latitude }.Select(d => d.ToString("0.#######", CultureInfo.InvariantCulture))];
    }

    private static string[] Direction(string way) =>
        [.. new[] { "小型交通量", "大型交通量", "車種判別不能交通量", "停電", "ループ異常", "超音波異常", "欠測" }.Select(c => $"{way}・{c}")];

    private static string[] Coverage(string way) => [.. new[] { "観測秒数", "品質", "改訂番号", "秘匿" }.Select(c => $"{way}・{c}")];

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
