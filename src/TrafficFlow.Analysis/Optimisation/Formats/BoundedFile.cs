namespace TrafficFlow.Analysis.Optimisation.Formats;

/// <summary>Reads a file whole, but never more than the limit.</summary>
internal static class BoundedFile
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, ModelLimits limits, CancellationToken cancellation)
    {
        var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(chunk, cancellation).ConfigureAwait(false)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            Check(buffer.Length, limits);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <exception cref="QuadraticModelException">It is too long.</exception>
    public static void Check(long length, ModelLimits limits)
    {
        if (length > limits.FileBytes) throw new QuadraticModelException($"a file of more than {limits.FileBytes} bytes is not read: make the model smaller, or raise the limit");
    }
}
