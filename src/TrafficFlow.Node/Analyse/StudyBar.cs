using Spectre.Console;
using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Node.Analyse;

/// <summary>Shows what a study is at: a bar on a terminal, a line for each step elsewhere; on standard error.</summary>
internal static class StudyBar
{
    public static async Task<JunctionStudy> ShowAsync(StudyTexts texts, Func<IProgress<StudyProgress>, Task<JunctionStudy>> make)
    {
        if (Console.IsErrorRedirected) return await make(new Lines(texts));
        JunctionStudy? study = null;
        await SafeConsole.OnError.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(texts.Step(StudyStep.Congestion)), maxValue: 1);
                study = await make(new Bar(task, texts));
                task.Value = 1;
            });
        return study!;
    }

    private sealed class Bar(ProgressTask task, StudyTexts texts) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            task.Description = Markup.Escape(texts.Step(value.Step));
            task.Value = value.Share;
        }
    }

    private sealed class Lines(StudyTexts texts) : IProgress<StudyProgress>
    {
        private int _step = -1;

        public void Report(StudyProgress value)
        {
            if (Interlocked.Exchange(ref _step, (int)value.Step) != (int)value.Step) Console.Error.WriteLine($"{texts.Step(value.Step)} …");
        }
    }
}
