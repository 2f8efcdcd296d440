using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Report;

/// <summary>
/// Prints reports with WeasyPrint, as a child process that dies with this one: without a network to ask for anything (a report refers to nothing), with an end to its time and its memory, and with nothing of
/// the node's environment. What it needs is Debian's, and no part of the program: a node without it writes HTML, and says what is missing.
/// </summary>
/// <param name="program">By its name in PATH, or its path.</param>
/// <param name="fonts">Lists fonts: fontconfig's fc-list.</param>
internal sealed class WeasyPrinter(TimeProvider time, string program = WeasyPrinter.Program, string fonts = "fc-list") : IPdfPrinter
{
    public const string Program = "weasyprint";
    public const string Packages = "apt-get install weasyprint fonts-noto-cjk";

    private const long MostMemory = 3L << 30;
    private const int MostBytes = 64 << 20;
    private const int MostSaid = 4_000;

    // A day takes some 15 s of one core, most of it for the letters of Japanese, and a year twice that; on a machine that has other work it waits.
    private const int MostSeconds = 300;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private bool _hasJapanese;

    /// <summary>Why nothing can be printed here, with what to do; null where it can.</summary>
    public static string? Missing(string program = Program) =>
        File.Exists(ProgramPath.Of(program)) ? null : $"there is no {program} on this machine, which makes PDF of reports: {Packages} (or set trafficflow.reports.formats = [html])";

    public async Task<byte[]> PrintAsync(string html, CancellationToken cancellation)
    {
        if (Missing(program) is { } missing) throw new PdfException(missing);
        if (!_hasJapanese && html.Any(IsJapanese)) _hasJapanese = await HasJapaneseAsync(cancellation) ? true : throw new PdfException($"there are no letters for Japanese on this machine, which this report needs: {Packages}");
        using var limited = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limited.Token);
        using var child = Start(Confined(), isFed: true);
        try
        {
            // Everything at once: whoever waits for one pipe while the other is full waits for ever.
            var said = ReadTextAsync(child.StandardError, end.Token);
            var pdf = ReadAsync(child.StandardOutput.BaseStream, end.Token);
            await FeedAsync(child, html, end.Token);
            var bytes = await pdf;
            var complaints = await said;
            await child.WaitForExitAsync(end.Token);
            return child.ExitCode == 0 && bytes.AsSpan().StartsWith("%PDF-"u8) ? bytes : throw new PdfException($"{program} failed (exit code {child.ExitCode}{(complaints.Length > 0 ? $": {complaints}" : "")}): try it by hand, {program} REPORT.html REPORT.pdf");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PdfException($"{program} did not end within {Longest.TotalMinutes:0} minutes: is the machine overloaded? Try again, or take fewer days", e);
        }
        finally
        {
            Kill(child);
        }
    }

    /// <summary>The limits are of util-linux, which every Debian has; elsewhere there is the limit of time alone.</summary>
    private string[] Confined()
    {
        string[] print = [ProgramPath.Of(program), "--quiet", "--encoding", "utf-8", "--base-url", "about:blank", "--pdf-variant", "pdf/ua-1", "-", "-"];
        var (limits, nice, death) = (ProgramPath.Of("prlimit"), ProgramPath.Of("nice"), ProgramPath.Of("setpriv"));
        // Counting comes first.
        if (File.Exists(nice)) print = [nice, "-n", "10", .. print];
        if (File.Exists(limits)) print = [limits, $"--as={MostMemory}", $"--cpu={MostSeconds}", "--core=0", "--nofile=256", .. print];
        // A program that is killed leaves nobody at work for minutes.
        return File.Exists(death) ? [death, "--pdeathsig", "KILL", .. print] : print;
    }

    private async Task<bool> HasJapaneseAsync(CancellationToken cancellation)
    {
        var list = ProgramPath.Of(fonts);
        // Without it nothing is known, and what has no letter shows as boxes.
        if (!File.Exists(list)) return true;
        using var child = Start([list, ":lang=ja", "family"], isFed: false);
        try
        {
            return (await ReadTextAsync(child.StandardOutput, cancellation)).Length > 0;
        }
        finally
        {
            Kill(child);
        }
    }

    private static Process Start(string[] command, bool isFed)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = isFed, RedirectStandardInput = isFed, UseShellExecute = false };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        if (path is not null) start.Environment["PATH"] = path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            return Children.Start(start);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new PdfException($"{command[0]} cannot be started ({e.Message}): {Packages}", e);
        }
    }

    private static async Task FeedAsync(Process child, string html, CancellationToken cancellation)
    {
        try
        {
            await using var input = child.StandardInput.BaseStream;
            await input.WriteAsync(Encoding.UTF8.GetBytes(html), cancellation);
        }
        catch (IOException)
        {
            // It has ended before it has read all: its exit code and what it has said tell why.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (all.Length + read > MostBytes) throw new PdfException($"the PDF is larger than {MostBytes >> 20} MiB, which no report is: take fewer days");
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static async Task<string> ReadTextAsync(StreamReader reader, CancellationToken cancellation)
    {
        var (text, buffer) = (new StringBuilder(), new char[1024]);
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation)) > 0)
        {
            if (text.Length < MostSaid) text.Append(buffer, 0, read);
        }

        return Core.Texts.PlainText.Of(text.ToString().ReplaceLineEndings(" ").Trim(), MostSaid);
    }

    private static void Kill(Process child)
    {
        try
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It had ended by itself.
        }
    }

    private static bool IsJapanese(char c) => c is (>= '\u3040' and <= '\u30ff') or (>= '\u4e00' and <= '\u9fff');
}
