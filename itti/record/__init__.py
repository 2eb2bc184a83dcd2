"""The record of acts as people meet it: verified, proven, shown. What writes it is :mod:`itti.audit`."""
