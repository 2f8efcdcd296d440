using System.Text;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>Splits a line into words as a shell does: at blanks, except between quotes. Pure.</summary>
internal static class ShellWords
{
    /// <exception cref="UsageException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        char? quote = null;
        foreach (var c in line)
        {
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '"' or '\'' && quote is null)
            {
                (quote, isWord) = (c, true);
            }
            else if (quote is null && char.IsWhiteSpace(c))
            {
                if (isWord) words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote is not null) throw new UsageException($"the quote {quote} is not closed");
        if (isWord) words.Add(word.ToString());
        return words;
    }
}
