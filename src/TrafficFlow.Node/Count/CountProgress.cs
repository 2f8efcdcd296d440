using System.Diagnostics;
using Spectre.Console;

namespace TrafficFlow.Node.Count;

/// <summary>A progress bar on standard error with rate and remaining time; nothing where standard error is no terminal.</summary>
internal static class CountProgress
{
    private const int TickEvery = 10;

    /// <param name="job">Calls its argument with the number of frames that are done.</param>
    public static async Task RunAsync(long? expectedFrames, double framesPerSecond, Func<Action<long>, Task> job)
    {
        if (Console.IsErrorRedirected)
        {
            await job(_ => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var clock = Stopwatch.StartNew();
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("counting", maxValue: expectedFrames ?? 1);
                task.IsIndeterminate = expectedFrames is null;
                await job(frames =>
                {
                    if (frames % TickEvery != 0) return;
                    var rate = frames / clock.Elapsed.TotalSeconds;
                    task.Value = frames;
                    task.Description = $"{rate:0} frames/s, {rate / framesPerSecond:0.0} x real time";
                });
                task.Value = task.MaxValue;
            });
    }
}
