namespace Denoise.Devices;

/// <summary>A device, its driver or its memory cannot do what is asked; the message says which, and what to do instead.</summary>
public class DeviceException(string message) : Exception(message);
