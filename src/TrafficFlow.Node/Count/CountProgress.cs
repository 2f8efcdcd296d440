using Spectre.Console;

namespace TrafficFlow.Node.Count;

/// <summary>Takes note that so many frames are done, and for how many seconds of video they stand.</summary>
internal delegate void ProgressTick(long frames, double videoSeconds);

/// <summary>A progress bar on standard error with rate and remaining time; a line every few seconds where standard error is no terminal.</summary>
internal static class CountProgress
{
    private const int TickEvery = 10;

    /// <param name="what">What is being done: "counting".</param>
    /// <param name="quiet">Hears of it instead of standard error; null for there.</param>
    public static async Task RunAsync(string what, long? expectedFrames, TimeProvider time, Func<ProgressTick, Task> job, QuietJob? quiet = null)
    {
        if (quiet is not null)
        {
            await quiet.RunAsync(expectedFrames, job);
            return;
        }

        if (Console.IsErrorRedirected)
        {
            await job(new ProgressLines(Console.Error, time, what, expectedFrames).Tell);
            return;
        }

        var began = time.GetTimestamp();
        await SafeConsole.OnError.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(what, maxValue: expectedFrames ?? 1);
                task.IsIndeterminate = expectedFrames is null;
                await job((frames, seconds) =>
                {
                    if (frames % TickEvery != 0) return;
                    task.Value = frames;
                    task.Description = $"{what}: {new ProcessingSpeed(frames, seconds, time.GetElapsedTime(began))}";
                });
                task.Value = task.MaxValue;
            });
    }
}
