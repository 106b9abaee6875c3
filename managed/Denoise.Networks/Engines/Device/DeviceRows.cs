using Denoise.Devices;

namespace Denoise.Networks.Engines.Device;

/// <summary>Rows of floats of which a chunk's lie one after the other.</summary>
/// <param name="Memory">all rows</param>
/// <param name="Length">floats of a row</param>
/// <param name="First">row of the chunk's first atom</param>
internal readonly record struct DeviceRows(DeviceMemory<float> Memory, int Length, int First);
