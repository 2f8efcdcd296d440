using Spectre.Console;
using TrafficFlow.Core.Frames;
using TrafficFlow.Node.Calibrate;

namespace TrafficFlow.Node.Init;

/// <summary>What `init` asks on a terminal.</summary>
internal static class InitQuestions
{
    private static readonly AskingConsole s_console = new(AnsiConsole.Console);

    public static Task<string> SiteAsync(CancellationToken cancellation) => AskedAsync(
        new TextPrompt<string>("Name of the place, for people:").Validate(n => n.Trim().Length is > 0 and <= 200 ? ValidationResult.Success() : ValidationResult.Error("from 1 to 200 letters")), cancellation);

    public static Task<string> TimeZoneAsync(string usual, CancellationToken cancellation) => AskedAsync(
        new TextPrompt<string>("Its time zone:").DefaultValue(usual).Validate(z => InitJob.TimeZoneProblem(z) is { } wrong ? ValidationResult.Error(Markup.Escape(wrong)) : ValidationResult.Success()), cancellation);

    /// <summary>One after the other; each is tried at once.</summary>
    public static async Task<IReadOnlyList<NewCamera>> CamerasAsync(Func<NewCamera, Task<string>> tries, CancellationToken cancellation)
    {
        var cameras = new List<NewCamera>();
        while (true)
        {
            var prompt = new TextPrompt<string>(cameras.Count == 0 ? "Address of the first camera (rtsp://USER:PASSWORD@HOST/PATH):" : "Address of the next one (Enter: no more):") { AllowEmpty = cameras.Count > 0 };
            var text = await AskedAsync(prompt, cancellation);
            if (text.Trim().Length == 0) return cameras;
            try
            {
                var camera = NewCamera.Parse(text, [.. cameras.Select(c => c.Id)]);
                Console.WriteLine($"{camera.Id}: {await tries(camera)}");
                cameras.Add(camera);
            }
            catch (Exception wrong) when (wrong is UsageException or FrameSourceException)
            {
                Console.WriteLine(wrong.Message);
            }
        }
    }

    private static async Task<string> AskedAsync(TextPrompt<string> prompt, CancellationToken cancellation)
    {
        try
        {
            return await prompt.ShowAsync(s_console, cancellation);
        }
        catch (OperationCanceledException)
        {
            s_console.Leave();
            throw;
        }
    }
}
