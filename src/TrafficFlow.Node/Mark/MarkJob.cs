using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Mark;

/// <summary>Reads the clip, shows the page, and ends with it.</summary>
internal sealed class MarkJob(Site site, CameraSetup camera, DetectorCatalog catalog, string file, int port, bool opensBrowser)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        // A file of another camera is told before the clip is read.
        _ = new MarkBook(file, camera.Gates.Select(g => g.Id), double.MaxValue);
        SandboxNotice.Tell(camera.Source);
        using var clip = await MarkedClip.ReadAsync(site, camera, catalog, cancellation);
        var book = new MarkBook(file, camera.Gates.Select(g => g.Id), clip.Times[^1]);
        await using var page = new MarkPage(clip, book, port);
        try
        {
            await page.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            throw new JobFailedException($"the page cannot be served on port {port}: {e.Message}; give another --port, or 0", e);
        }

        Console.WriteLine($"Mark {clip.Frames} frames of {camera.Id} at {page.Address} ({Marks(book.Count)} so far). Ctrl+C ends it.");
        if (clip.Damage is { } damage) Console.WriteLine($"Only these can be marked: {damage}");
        using var browser = new MarkBrowser();
        if (opensBrowser && browser.Open(page.Address) is { } byHand) Console.WriteLine(byHand);
        try
        {
            await page.Done.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the ordinary end: every mark is saved already.
        }

        Console.WriteLine(book.Count > 0 ? $"{Marks(book.Count)} in {file}. Compare: trafficflow score --truth {file} --counted DIR/crossings.csv" : "No marks were made.");
        return ExitCodes.Done;
    }

    private static string Marks(int count) => count == 1 ? "1 mark" : $"{count} marks";
}
