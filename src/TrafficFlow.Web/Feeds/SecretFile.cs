namespace TrafficFlow.Web.Feeds;

/// <summary>A secret in a file of its own: its first line. It is read anew each time, so that a new one is in force without a restart.</summary>
internal static class SecretFile
{
    private const int Longest = 4096;

    /// <exception cref="FeedRefusedException">It cannot be read; the message does not repeat it.</exception>
    public static string Read(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var line = reader.ReadLine()?.Trim() ?? "";
            return line.Length is > 0 and <= Longest ? line : throw new FeedRefusedException($"{file} holds no secret: write it into the first line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedRefusedException($"{file} cannot be read ({e.Message}): is it there, and may the node's account read it?", e);
        }
    }
}
