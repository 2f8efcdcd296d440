namespace TrafficFlow.Synthetic.Scenery;

/// <summary>
/// The threads on which streets are painted: as many as there are cores, for one street at a time, and none of the shared pool's. With four
/// cameras that paint on the pool at once, a busy machine has no thread left for anything else, for minutes.
/// </summary>
internal static class PainterThreads
{
    private static readonly Lock s_turn = new();

    /// <summary>Paints every row once, on the caller's thread and others beside it. Waits for its turn.</summary>
    public static void ForEachRow(int rows, Action<int> paint)
    {
        lock (s_turn)
        {
            var next = -1;
            var helpers = Enumerable.Range(1, Math.Max(0, Environment.ProcessorCount - 1)).Select(i => Start(i, Rows)).ToList();
            Rows();
            foreach (var helper in helpers) helper.Join();

            void Rows()
            {
                while (Interlocked.Increment(ref next) is var row && row < rows) paint(row);
            }
        }

        static Thread Start(int number, Action work)
        {
            var thread = new Thread(() => work()) { IsBackground = true, Name = $"painter-{number}" };
            thread.Start();
            return thread;
        }
    }
}
