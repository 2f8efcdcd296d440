using System.Diagnostics;
using System.Xml.Linq;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>LibreOffice opens the table: what is a number is one there, and what is missing is an empty cell.</summary>
public sealed class SpreadsheetTests
{
    private static readonly XNamespace s_table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
    private static readonly XNamespace s_office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_spreadsheet_opens_the_csv(bool withMark)
    {
        var office = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, "soffice")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(office is not null, "there is no soffice on the PATH: install Debian's package libreoffice-calc-nogui");
        var folder = Directory.CreateTempSubdirectory("trafficflow-csv-");
        try
        {
            var csv = Path.Combine(folder.FullName, "flow.csv");
            await File.WriteAllBytesAsync(csv, await FlowSamples.BytesAsync(withMark ? FlowFormats.CsvWithMark : new CsvFlowFormat(), FlowSamples.EveryState));
            await ConvertAsync(office!, csv, folder.FullName);

            var rows = XDocument.Load(Path.Combine(folder.FullName, "flow.fods")).Descendants(s_table + "table-row").Select(Cells).Where(r => r.Count > 1).ToList();
            var (count, state, suppressed) = (rows[0].IndexOf("count"), rows[0].IndexOf("state"), rows[0].IndexOf("suppressed"));

            Assert.Equal("site", rows[0][0]);
            Assert.Equal(
                ["7 counted false", "0 counted false", " missing false", " missing false", " suppressed true", "4 counted false", " coarsened false", " pending false"],
                rows.Skip(1).Select(r => $"{r[count]} {r[state]} {r[suppressed]}".ToLowerInvariant()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ConvertAsync(string office, string csv, string folder)
    {
        // Comma, double quotes, UTF-8, from the first line on: what its dialogue proposes, and a conversion without dialogue does not.
        string[] arguments = ["--headless", $"-env:UserInstallation=file://{folder}/profile", "--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir", folder, csv];
        using var process = Process.Start(new ProcessStartInfo(office, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (told, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await told + await wrong);
    }

    /// <summary>Numbers by their value, all else by its text.</summary>
    private static List<string> Cells(XElement row) =>
    [
        .. row.Elements(s_table + "table-cell").SelectMany(cell => Enumerable.Repeat(
            cell.Attribute(s_office + "value")?.Value ?? cell.Value, Math.Min(40, (int?)cell.Attribute(s_table + "number-columns-repeated") ?? 1))),
    ];
}
