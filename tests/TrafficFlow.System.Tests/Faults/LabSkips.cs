using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>Where a laboratory is not allowed, its tests are skipped and say why.</summary>
internal static class LabSkips
{
    public static async Task<T> OrSkipAsync<T>(Task<T> part)
    {
        try
        {
            return await part;
        }
        catch (LabUnavailableException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
